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
 *         count times           int32 pair (0 to pairs - 1), float32 chosen, float32 rejected: sums in nats
 *         crc          int32    CRC-32 of the chunk's bytes before it
 * </pre>
 *
 * <p>A pair occurs once.
 */
final class ReferenceFormat {
    private static final byte[] MAGIC = "DILREFLP".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int ENTRY_BYTES = 12;
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

    /** No whole file of so many pairs is longer: at worst every pair is a chunk of its own. */
    static long maxBytes(int headerBytes, int pairs) {
        return headerBytes + (long) pairs * (ENTRY_BYTES + CHUNK_FRAME_BYTES);
    }

    /** A chunk of the pairs {@code indices}; {@code logps} are {@code [indices * 2]}. */
    static ByteBuffer chunk(int[] indices, float[] logps) {
        ByteBuffer chunk = ByteBuffer.allocate(indices.length * ENTRY_BYTES + CHUNK_FRAME_BYTES);
        chunk.putInt(indices.length);
        for (int i = 0; i < indices.length; i++) {
            chunk.putInt(indices[i]).putFloat(logps[2 * i]).putFloat(logps[2 * i + 1]);
        }
        chunk.putInt(crc(chunk.array(), 0, chunk.position()));
        return chunk.flip();
    }

    /**
     * Reads chunks from {@code file}'s position on, up to its end or to the first that is cut or damaged, where the
     * position is then left.
     *
     * @param logps {@code [pairs * 2]}, filled
     * @param present filled, one bit for each pair
     */
    static void readChunks(ByteBuffer file, float[] logps, BitSet present) {
        int pairs = logps.length / 2;
        while (file.remaining() > CHUNK_FRAME_BYTES) {
            int start = file.position();
            int count = file.getInt(start);
            if (count < 1 || count > (file.remaining() - CHUNK_FRAME_BYTES) / ENTRY_BYTES) {
                return;
            }
            int end = start + Integer.BYTES + count * ENTRY_BYTES;
            if (file.getInt(end) != crc(file.array(), start, end - start)
                    || !readEntries(file.slice(start + Integer.BYTES, count * ENTRY_BYTES), pairs, logps, present)) {
                return;
            }
            file.position(end + Integer.BYTES);
        }
    }

    private static boolean readEntries(ByteBuffer entries, int pairs, float[] logps, BitSet present) {
        while (entries.hasRemaining()) {
            int pair = entries.getInt();
            if (pair < 0 || pair >= pairs || present.get(pair)) {
                return false;
            }
            logps[2 * pair] = entries.getFloat();
            logps[2 * pair + 1] = entries.getFloat();
            present.set(pair);
        }
        return true;
    }

    private static int crc(byte[] bytes, int offset, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}
