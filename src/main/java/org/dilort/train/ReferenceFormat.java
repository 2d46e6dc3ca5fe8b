package org.dilort.train;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.zip.CRC32;

/**
 * The file of a {@link ReferenceCache}: a header, then chunks in the order in which they were computed. All numbers are
 * big-endian.
 *
 * <pre>
 * header  magic        8 bytes  "DILREFLP"
 *         version      int32    1
 *         pairs        int32    pairs of the data set
 *         key length   int32    bytes of the key
 *         key          UTF-8    lines "name=sha256" of what the values depend on, by name
 * chunk   count        int32    1 to pairs
 *         count times           int32 pair (0 to pairs - 1), float32 chosen, float32 rejected: sums in nats; of values
 *                               by token then float32 of each chosen and each rejected token
 *         crc          int32    CRC-32 of the chunk's bytes before it
 * </pre>
 *
 * <p>A pair occurs once. How many values it has is not in the file: the key tells what is kept and of which tokens.
 */
final class ReferenceFormat {
    private static final byte[] MAGIC = "DILREFLP".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
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
        long entries = (long) rows.rows() * (Integer.BYTES + CHUNK_FRAME_BYTES);
        return headerBytes + entries + (long) rows.values() * Float.BYTES;
    }

    /** A chunk of the pairs {@code indices}, whose values follow one another. */
    static ByteBuffer chunk(int[] indices, float[] values, RaggedRows rows) {
        int bytes = CHUNK_FRAME_BYTES + indices.length * Integer.BYTES + values.length * Float.BYTES;
        ByteBuffer chunk = ByteBuffer.allocate(bytes);
        chunk.putInt(indices.length);
        int at = 0;
        for (int pair : indices) {
            chunk.putInt(pair);
            for (int i = 0; i < rows.width(pair); i++) {
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
            if (chunk.remaining() < 2 * Integer.BYTES) {
                return -1;
            }
            int pair = chunk.getInt();
            if (pair < 0 || pair >= rows.rows() || present.get(pair) || read.get(pair)) {
                return -1;
            }
            long bytes = (long) rows.width(pair) * Float.BYTES;
            if (chunk.remaining() < bytes + Integer.BYTES) {
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
            for (int i = rows.start(pair); i < rows.start(pair) + rows.width(pair); i++) {
                values[i] = file.getFloat();
            }
        }
    }

    private static int crc(byte[] bytes, int offset, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}
