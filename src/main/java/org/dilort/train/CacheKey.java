package org.dilort.train;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.dilort.files.Sha256;

/**
 * What reference log-probabilities depend on: the SHA-256 of each part (model, tokenizer, data, truncation ...) under
 * the part's name. Equal keys mean equal log-probabilities.
 */
public record CacheKey(SortedMap<String, String> hashes) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9_.-]+");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    public CacheKey {
        hashes = Collections.unmodifiableSortedMap(new TreeMap<>(hashes));
        if (hashes.isEmpty()) {
            throw new IllegalArgumentException("cache key without parts, expected one or more");
        }
        hashes.forEach((name, hash) -> {
            if (!NAME.matcher(name).matches() || !HASH.matcher(hash).matches()) {
                throw new IllegalArgumentException(
                        "cache key: " + name + "=" + hash + ", expected a lower-case name and 64 hexadecimal digits");
            }
        });
    }

    /** Reads what {@link #text} wrote. */
    static CacheKey parse(String text) {
        SortedMap<String, String> hashes = new TreeMap<>();
        for (String line : text.split("\n", -1)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                hashes.put(line.substring(0, equals), line.substring(equals + 1));
            } else if (!line.isEmpty()) {
                throw new IllegalArgumentException("cache key line without =");
            }
        }
        return new CacheKey(hashes);
    }

    /** SHA-256 of {@link #text}. */
    public String digest() {
        return Sha256.of(text().getBytes(StandardCharsets.UTF_8));
    }

    /** A line {@code name=hash} for each part, by name. */
    String text() {
        return hashes.entrySet().stream()
                .map(part -> part.getKey() + "=" + part.getValue() + "\n")
                .collect(Collectors.joining());
    }
}
