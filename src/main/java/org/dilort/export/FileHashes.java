package org.dilort.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dilort.files.Sha256;

/**
 * SHA-256 of files by their path inside a folder, as lines that {@code sha256sum -c} reads. A model card holds them, so
 * that a damaged weight is found without the model it came from.
 */
record FileHashes(Map<String, String> hashes) {
    /** What the lines begin with in a card. */
    static final String HEADING = "\nSHA-256:\n\n";

    private static final Pattern LINE = Pattern.compile("^ *([0-9a-f]{64}) [ *](\\S+)$", Pattern.MULTILINE);

    FileHashes {
        hashes = Map.copyOf(hashes);
    }

    static FileHashes of(Path folder, List<String> files) {
        Map<String, String> hashes = new TreeMap<>();
        files.forEach(file -> hashes.put(file, hash(folder.resolve(file))));
        return new FileHashes(hashes);
    }

    /** The ones that a text lists, perhaps none. */
    static FileHashes parse(String text) {
        Map<String, String> hashes = new TreeMap<>();
        for (Matcher line = LINE.matcher(text); line.find(); ) {
            hashes.put(line.group(2), line.group(1));
        }
        return new FileHashes(hashes);
    }

    /** These and others, which go over those of the same files. */
    FileHashes with(FileHashes others) {
        Map<String, String> all = new TreeMap<>(hashes);
        all.putAll(others.hashes());
        return new FileHashes(all);
    }

    String toMarkdown() {
        StringBuilder text = new StringBuilder(HEADING);
        new TreeMap<>(hashes)
                .forEach((file, hash) -> text.append("    ")
                        .append(hash)
                        .append("  ")
                        .append(file)
                        .append('\n'));
        return text.toString();
    }

    /** Files that are there with another content, and paths that leave the folder. */
    String check(Path folder, List<String> problems) {
        new TreeMap<>(hashes).forEach((name, expected) -> {
            Path file = folder.resolve(name).normalize();
            if (!file.startsWith(folder.normalize())) {
                problems.add(name + ": expected a file in the folder (" + folder.resolve(ExportFolder.CARD) + ")");
            } else if (Files.isRegularFile(file)) {
                String got = hash(file);
                if (!got.equals(expected)) {
                    problems.add(
                            "%s: SHA-256: got %s, expected %s (%s)".formatted(file, got, expected, ExportFolder.CARD));
                }
            }
        });
        return hashes.size() + " files as " + ExportFolder.CARD + " says";
    }

    private static String hash(Path file) {
        try {
            return Sha256.of(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read", e);
        }
    }
}
