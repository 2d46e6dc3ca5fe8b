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
    private final float[] logps;
    private final BitSet present;

    private ReferenceCache(Path file, FileChannel channel, int pairs) {
        this.file = file;
        this.channel = channel;
        this.logps = new float[Math.multiplyExact(2, pairs)];
        this.present = new BitSet(pairs);
    }

    /** Reads what is there for {@code key} in {@code folder}, which is made where there is none. */
    public static ReferenceCache open(Path folder, CacheKey key, int pairs, Warnings warnings) {
        Path file = folder.resolve(key.digest() + ".reference");
        try {
            Files.createDirectories(folder);
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            return opened(file, channel, key, pairs, warnings);
        } catch (IOException e) {
            throw new ConfigException("reference.cache: " + file + ": not usable: " + DurableFiles.reason(e), e);
        }
    }

    private static ReferenceCache opened(Path file, FileChannel channel, CacheKey key, int pairs, Warnings warnings)
            throws IOException {
        try {
            ReferenceCache cache = new ReferenceCache(file, channel, pairs);
            cache.lock(warnings);
            cache.load(ReferenceFormat.header(key, pairs), warnings);
            cache.closeIfComplete();
            return cache;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
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
     * @param values {@code [n * 2]}, chosen then rejected of each pair
     * @throws RunFailedException when a value is not finite or could not be written; none is added then
     */
    public void put(int[] indices, float[] values) {
        if (values.length != 2 * indices.length) {
            throw new IllegalArgumentException(values.length + " values, expected " + 2 * indices.length);
        }
        if (indices.length == 0) {
            return;
        }
        BitSet added = added(indices, values);
        try {
            DurableFiles.writeFully(channel, ReferenceFormat.chunk(indices, values));
        } catch (IOException e) {
            throw new RunFailedException(file + ": not written: " + DurableFiles.reason(e), e);
        }
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(values, 2 * i, logps, 2 * indices[i], 2);
        }
        present.or(added);
        closeIfComplete();
    }

    /** Values of every pair, {@code [pairs * 2]}, chosen then rejected; only once {@link #complete}. */
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
        return logps.length / 2;
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
        if (size > 0 && size <= ReferenceFormat.maxBytes(header.length, pairs())) {
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
        ReferenceFormat.readChunks(content, logps, present);
        return content.position();
    }

    private BitSet added(int[] indices, float[] values) {
        BitSet added = new BitSet();
        for (int i = 0; i < indices.length; i++) {
            int pair = indices[i];
            if (pair < 0 || pair >= pairs() || present.get(pair) || added.get(pair)) {
                throw new IllegalArgumentException(
                        "pair " + pair + ", expected one of 0 to " + (pairs() - 1) + " that is missing");
            }
            if (!Float.isFinite(values[2 * i]) || !Float.isFinite(values[2 * i + 1])) {
                throw new RunFailedException("pair " + pair + ": reference log-probabilities " + values[2 * i] + " and "
                        + values[2 * i + 1] + ", expected finite numbers");
            }
            added.set(pair);
        }
        return added;
    }

    private void closeIfComplete() {
        if (complete()) {
            close();
        }
    }
}
