package org.dilort.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.BitSet;
import org.dilort.error.ConfigException;
import org.dilort.files.DurableFiles;

/**
 * Log-probabilities of a data set's pairs under the reference model, in a file that is named by what they depend on.
 *
 * <p>Values are appended as they are computed, so a killed pass goes on where it was. What is damaged is left out with
 * a warning and is {@linkplain #missing missing} again. While values are missing the file is locked: a second run
 * that wants the same values waits, and then finds them. Format: {@link ReferenceFormat}.
 */
public final class ReferenceCache implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    private final RaggedRows rows;
    private final float[] logps;
    private final BitSet present;

    private ReferenceCache(Path file, FileChannel channel, RaggedRows rows) {
        this.file = file;
        this.channel = channel;
        this.rows = rows;
        this.logps = new float[rows.values()];
        this.present = new BitSet(rows.rows());
    }

    /** Of two sums a pair, chosen and rejected. */
    public static ReferenceCache open(Path folder, CacheKey key, int pairs, Warnings warnings) {
        return open(folder, key, RaggedRows.even(pairs, 2), warnings);
    }

    /**
     * Reads what is there for {@code key} in {@code folder}, which is made where there is none.
     *
     * @param widths values of each pair; they must follow from what the key stands for
     */
    public static ReferenceCache open(Path folder, CacheKey key, int[] widths, Warnings warnings) {
        return open(folder, key, new RaggedRows(widths), warnings);
    }

    private static ReferenceCache open(Path folder, CacheKey key, RaggedRows rows, Warnings warnings) {
        Path file = folder.resolve(ReferenceFormat.fileName(key));
        try {
            Files.createDirectories(folder);
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            return opened(file, channel, key, rows, warnings);
        } catch (IOException e) {
            throw new ConfigException("reference.cache: " + file + ": not usable: " + DurableFiles.reason(e), e);
        }
    }

    private static ReferenceCache opened(
            Path file, FileChannel channel, CacheKey key, RaggedRows rows, Warnings warnings) throws IOException {
        try {
            ReferenceCache cache = new ReferenceCache(file, channel, rows);
            cache.lock(warnings);
            cache.load(ReferenceFormat.header(key, rows.rows()), warnings);
            cache.closeIfComplete();
            return cache;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    public Path file() {
        return file;
    }

    public boolean complete() {
        return present.cardinality() == pairs();
    }

    /** Numbers of the pairs without values, ascending. */
    public int[] missing() {
        BitSet missing = new BitSet();
        missing.set(0, pairs());
        missing.andNot(present);
        return missing.stream().toArray();
    }

    /**
     * Adds pairs that were missing.
     *
     * @param indices {@code [n]}, numbers of the pairs
     * @param values all of each pair, in the order of {@code indices}
     * @throws RunFailedException when a value is not finite or could not be written; none is added then
     */
    public void put(int[] indices, float[] values) {
        if (indices.length == 0) {
            return;
        }
        BitSet added = added(indices, values);
        try {
            DurableFiles.writeFully(channel, ReferenceFormat.chunk(indices, values, rows::width));
        } catch (IOException e) {
            throw new RunFailedException(file + ": not written: " + DurableFiles.reason(e), e);
        }
        int at = 0;
        for (int pair : indices) {
            System.arraycopy(values, at, logps, rows.start(pair), rows.width(pair));
            at += rows.width(pair);
        }
        present.or(added);
        closeIfComplete();
    }

    /** The values of every pair, one pair after the other; only once {@link #complete}. */
    public float[] get() {
        if (!complete()) {
            throw new IllegalStateException(file + ": " + present.cardinality() + " pairs, expected " + pairs());
        }
        return logps.clone();
    }

    /** Lets the file go; values stay readable. */
    @Override
    public void close() {
        try {
            if (channel.isOpen()) {
                channel.force(false);
                channel.close();
            }
        } catch (IOException e) {
            throw new RunFailedException(file + ": not written: " + DurableFiles.reason(e), e);
        }
    }

    private int pairs() {
        return rows.rows();
    }

    private void lock(Warnings warnings) throws IOException {
        if (channel.tryLock() == null) {
            warnings.warn(file + ": another run is computing these reference log-probabilities; waiting for it");
            channel.lock();
        }
    }

    private void load(byte[] header, Warnings warnings) throws IOException {
        long size = channel.size();
        int good = 0;
        if (size > 0 && size <= ReferenceFormat.maxBytes(header.length, rows)) {
            good = read((int) size, header);
        }
        if (good < size) {
            warnings.warn(file + ": damaged or cut after " + present.cardinality() + " of " + pairs()
                    + " pairs; the others are computed again");
        }
        channel.truncate(good).position(good);
        if (good == 0) {
            DurableFiles.writeFully(channel, ByteBuffer.wrap(header));
        }
    }

    /** Returns the number of leading bytes that are good. */
    private int read(int size, byte[] header) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(size);
        while (content.hasRemaining() && channel.read(content) >= 0) {
            continue;
        }
        content.flip();
        if (!Arrays.equals(content.array(), 0, Math.min(size, header.length), header, 0, header.length)) {
            return 0;
        }
        content.position(header.length);
        ReferenceFormat.readChunks(content, rows, logps, present);
        return content.position();
    }

    private BitSet added(int[] indices, float[] values) {
        BitSet added = new BitSet();
        int at = 0;
        for (int pair : indices) {
            if (pair < 0 || pair >= pairs() || present.get(pair) || added.get(pair)) {
                throw new IllegalArgumentException(
                        "pair " + pair + ", expected one of 0 to " + (pairs() - 1) + " that is missing");
            }
            added.set(pair);
            at += rows.width(pair);
        }
        if (at != values.length) {
            throw new IllegalArgumentException(values.length + " values, expected " + at);
        }
        at = 0;
        for (int pair : indices) {
            requireFinite(pair, Arrays.copyOfRange(values, at, at + rows.width(pair)));
            at += rows.width(pair);
        }
        return added;
    }

    private static void requireFinite(int pair, float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new RunFailedException("pair " + pair + ": reference log-probabilities " + values[0] + " and "
                        + values[1] + ", expected finite numbers");
            }
        }
    }

    private void closeIfComplete() {
        if (complete()) {
            close();
        }
    }
}
