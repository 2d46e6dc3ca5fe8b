package org.dilort.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;

/** How a row of a matrix becomes whole numbers and their scales. */
interface RowCoder {
    /** So many bytes of codes for a row of {@code in} numbers. */
    int codeBytes(int in);

    int scales(int in);

    /** Codes and scales of a row, appended to both. */
    void encode(float[] row, ByteBuffer codes, ByteBuffer scales);

    /** All codes of a matrix, row after row. */
    default WeightFile.Content codes(WeightRows rows) {
        return (file, position) -> write(rows, file.from(position), Part.CODES);
    }

    default WeightFile.Content scales(WeightRows rows) {
        return (file, position) -> write(rows, file.from(position), Part.SCALES);
    }

    /** Which of the two a tensor holds. */
    enum Part {
        CODES,
        SCALES
    }

    private void write(WeightRows rows, WritableByteChannel out, Part part) {
        ByteBuffer codes = ByteBuffer.allocate(codeBytes(rows.in()));
        ByteBuffer scales = ByteBuffer.allocate(Float.BYTES * scales(rows.in())).order(ByteOrder.LITTLE_ENDIAN);
        rows.forEach(row -> {
            encode(row, codes.clear(), scales.clear());
            ByteBuffer wanted = part == Part.CODES ? codes : scales;
            try {
                out.write(wanted.flip());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
