package org.dilort.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.dilort.error.DataException;
import org.dilort.error.FormatException;
import org.dilort.files.DurableFiles;

/**
 * A file of reference log-probabilities by itself, without the data that it is for.
 *
 * @param key what the values depend on
 * @param pairs of the data set
 * @param values of each pair that is there, by number: chosen and rejected sums, then perhaps those of every token
 * @param damagedBytes at the end that cannot be used, as a killed run may leave them
 */
public record ReferenceFile(Path path, CacheKey key, int pairs, SortedMap<Integer, float[]> values, long damagedBytes) {

    public ReferenceFile {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /** @throws FormatException for a file that is none of reference log-probabilities */
    public static ReferenceFile read(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new FormatException(path + ": no such file");
        }
        try {
            ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(path));
            ReferenceFormat.Header header = ReferenceFormat.readHeader(content, path);
            SortedMap<Integer, float[]> values = new TreeMap<>();
            ReferenceFormat.readAll(content, header.pairs(), values);
            return new ReferenceFile(path, header.key(), header.pairs(), values, content.remaining());
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot be read", e);
        }
    }

    public boolean complete() {
        return values.size() == pairs;
    }

    /**
     * Puts parts of one data set together: the file of a folder's cache that a run with these values will look for.
     *
     * @return the file, in which every pair is once
     * @throws DataException for parts of different data sets or models, or that disagree about a pair
     */
    public static ReferenceFile merge(List<Path> parts, Path folder) {
        if (parts.isEmpty()) {
            throw new DataException("no files to merge, expected one or more");
        }
        ReferenceFile first = read(parts.get(0));
        TreeMap<Integer, float[]> all = new TreeMap<>();
        for (Path path : parts) {
            ReferenceFile part = read(path);
            part.requireSame(first);
            part.values().forEach((pair, values) -> {
                float[] known = all.putIfAbsent(pair, values);
                if (known != null && !Arrays.equals(known, values)) {
                    throw new DataException(path + ": pair " + pair + " has log-probabilities " + values[0] + " and "
                            + values[1] + ", but another part " + known[0] + " and " + known[1]
                            + "; expected parts that were computed alike");
                }
            });
        }
        Path target = folder.resolve(ReferenceFormat.fileName(first.key()));
        write(target, first, all);
        return new ReferenceFile(target, first.key(), first.pairs(), all, 0);
    }

    private void requireSame(ReferenceFile other) {
        if (pairs != other.pairs()) {
            throw new DataException(path + ": of a data set of " + pairs + " pairs, but " + other.path() + " of one of "
                    + other.pairs() + "; expected parts of one data set");
        }
        for (Map.Entry<String, String> part : key.hashes().entrySet()) {
            if (!part.getValue().equals(other.key().hashes().get(part.getKey()))) {
                throw new DataException(
                        path + ": " + part.getKey() + " differs from that of " + other.path() + "; expected the same");
            }
        }
        if (key.hashes().size() != other.key().hashes().size()) {
            throw new DataException(path + ": keeps other values than " + other.path() + "; expected the same");
        }
    }

    private static void write(Path target, ReferenceFile like, TreeMap<Integer, float[]> values) {
        byte[] content = ReferenceFormat.file(like.key(), like.pairs(), values);
        try {
            Files.createDirectories(target.toAbsolutePath().getParent());
            DurableFiles.replace(target, content);
        } catch (IOException e) {
            throw new UncheckedIOException(target + ": cannot be written", e);
        }
    }
}
