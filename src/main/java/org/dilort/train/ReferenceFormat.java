package org.dilort.train;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.IntUnaryOperator;
import java.util.zip.CRC32;
import org.dilort.error.FormatException;

/**
 * The file of a {@link ReferenceCache}: a header, then chunks in the order in which they were computed. All numbers are
 * big-endian.
 *
 * <pre>
 * header  magic        8 bytes  "DILREFLP"
 *         version      int32    2
 *         pairs        int32    pairs of the data set
 *         key length   int32    bytes of the key
 *         key          UTF-8    lines "name=sha256" of what the values depend on, by name
 * chunk   count        int32    1 to pairs
 *         count times           int32 pair (0 to pairs - 1), int32 number of values, 2 or more, and so many float32:
 *                               the sums over the chosen and the rejected response, in nats; where the key has
 *                               "values", then each chosen and each rejected token
 *         crc          int32    CRC-32 of the chunk's bytes before it
 * </pre>
 *
 * <p>A pair occurs once.
 */
final class ReferenceFormat {
    private static final byte[] MAGIC = "DILREFLP".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 2;
    private static final int ENTRY_BYTES = 2 * Integer.BYTES;
    private static final int LONGEST_KEY = 1 << 12;
    private static final int CHUNK_FRAME_BYTES = 8;

    private ReferenceFormat() {}

    static byte[] header(CacheKey key, int pairs) {
        byte[] text = key.text().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(MAGIC.length + 3 * Integer.BYTES + text.length)
                .put(MAGIC)
                .putInt(VERSION)
                .putInt(pairs)
                .putInt(text.length)
                .put(text)
                .array();
    }

    /** No whole file is longer: at worst every pair is a chunk of its own. */
    static long maxBytes(int headerBytes, RaggedRows rows) {
        long entries = (long) rows.rows() * (ENTRY_BYTES + CHUNK_FRAME_BYTES);
        return headerBytes + entries + (long) rows.values() * Float.BYTES;
    }

    /**
     * A chunk of the pairs {@code indices}, whose values follow one another.
     *
     * @param width values of a pair
     */
    static ByteBuffer chunk(int[] indices, float[] values, IntUnaryOperator width) {
        int bytes = CHUNK_FRAME_BYTES + indices.length * ENTRY_BYTES + values.length * Float.BYTES;
        ByteBuffer chunk = ByteBuffer.allocate(bytes);
        chunk.putInt(indices.length);
        int at = 0;
        for (int pair : indices) {
            int count = width.applyAsInt(pair);
            chunk.putInt(pair).putInt(count);
            for (int i = 0; i < count; i++) {
                chunk.putFloat(values[at++]);
            }
        }
        chunk.putInt(crc(chunk.array(), 0, chunk.position()));
        return chunk.flip();
    }

    /**
     * Reads chunks from {@code file}'s position on, up to its end or to the first that is cut or damaged, where the
     * position is then left.
     *
     * @param values of all pairs, filled
     * @param present filled, one bit for each pair
     */
    static void readChunks(ByteBuffer file, RaggedRows rows, float[] values, BitSet present) {
        while (file.remaining() > CHUNK_FRAME_BYTES) {
            int start = file.position();
            BitSet read = new BitSet();
            int end = endOfEntries(file.duplicate(), rows, present, read);
            if (end < 0 || file.getInt(end) != crc(file.array(), start, end - start)) {
                return;
            }
            copyEntries(file.position(start + Integer.BYTES), end, rows, values);
            present.or(read);
            file.position(end + Integer.BYTES);
        }
    }

    /** Where the chunk's checksum stands; -1 when its entries are none of these pairs or go beyond the file. */
    private static int endOfEntries(ByteBuffer chunk, RaggedRows rows, BitSet present, BitSet read) {
        int count = chunk.getInt();
        if (count < 1 || count > rows.rows()) {
            return -1;
        }
        for (int i = 0; i < count; i++) {
            if (chunk.remaining() < ENTRY_BYTES + Integer.BYTES) {
                return -1;
            }
            int pair = chunk.getInt();
            if (pair < 0 || pair >= rows.rows() || present.get(pair) || read.get(pair)) {
                return -1;
            }
            long bytes = (long) rows.width(pair) * Float.BYTES;
            if (chunk.getInt() != rows.width(pair) || chunk.remaining() < bytes + Integer.BYTES) {
                return -1;
            }
            chunk.position(chunk.position() + (int) bytes);
            read.set(pair);
        }
        return chunk.position();
    }

    private static void copyEntries(ByteBuffer file, int end, RaggedRows rows, float[] values) {
        while (file.position() < end) {
            int pair = file.getInt();
            file.getInt();
            for (int i = rows.start(pair); i < rows.start(pair) + rows.width(pair); i++) {
                values[i] = file.getFloat();
            }
        }
    }

    /** What a file is named by its key. */
    static String fileName(CacheKey key) {
        return key.digest() + ".reference";
    }

    /** What a file says of itself. */
    record Header(CacheKey key, int pairs) {}

    static Header readHeader(ByteBuffer file, Path path) {
        byte[] magic = new byte[MAGIC.length];
        if (file.remaining() >= MAGIC.length + 3 * Integer.BYTES) {
            file.get(magic);
        }
        if (!Arrays.equals(magic, MAGIC)) {
            throw new FormatException(path + ": no file of reference log-probabilities");
        }
        int version = file.getInt();
        int pairs = file.getInt();
        int length = file.getInt();
        if (version != VERSION || pairs < 1 || length < 1 || length > Math.min(LONGEST_KEY, file.remaining())) {
            throw new FormatException(path + ": version " + version + " with " + pairs + " pairs and a key of " + length
                    + " bytes, expected version " + VERSION);
        }
        byte[] text = new byte[length];
        file.get(text);
        try {
            return new Header(CacheKey.parse(new String(text, StandardCharsets.UTF_8)), pairs);
        } catch (IllegalArgumentException e) {
            throw new FormatException(path + ": its key is damaged", e);
        }
    }

    /**
     * Reads chunks as {@link #readChunks} does, for whoever does not know how many values a pair has.
     *
     * @param values filled, by pair
     */
    static void readAll(ByteBuffer file, int pairs, Map<Integer, float[]> values) {
        while (file.remaining() > CHUNK_FRAME_BYTES) {
            int start = file.position();
            Map<Integer, float[]> read = new HashMap<>();
            ByteBuffer chunk = file.duplicate();
            boolean good = readEntries(chunk, pairs, read)
                    && chunk.remaining() >= Integer.BYTES
                    && chunk.getInt(chunk.position()) == crc(file.array(), start, chunk.position() - start)
                    && Collections.disjoint(read.keySet(), values.keySet());
            if (!good) {
                return;
            }
            values.putAll(read);
            file.position(chunk.position() + Integer.BYTES);
        }
    }

    private static boolean readEntries(ByteBuffer chunk, int pairs, Map<Integer, float[]> read) {
        int count = chunk.getInt();
        if (count < 1 || count > pairs) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (chunk.remaining() < ENTRY_BYTES) {
                return false;
            }
            int pair = chunk.getInt();
            int width = chunk.getInt();
            boolean known = pair >= 0 && pair < pairs && !read.containsKey(pair);
            if (!known || width < 2 || width > chunk.remaining() / Float.BYTES) {
                return false;
            }
            float[] values = new float[width];
            chunk.asFloatBuffer().get(values);
            chunk.position(chunk.position() + width * Float.BYTES);
            read.put(pair, values);
        }
        return true;
    }

    /** A whole file with these pairs, a chunk for each. */
    static byte[] file(CacheKey key, int pairs, SortedMap<Integer, float[]> values) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(header(key, pairs));
        values.forEach((pair, some) -> file.writeBytes(
                chunk(new int[] {pair}, some, any -> some.length).array()));
        return file.toByteArray();
    }

    private static int crc(byte[] bytes, int offset, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}
