package org.dilort.weights;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.channels.WritableByteChannel;

/** Turns the codes of a matrix, as its file has them, into numbers, row after row. */
final class BlockDecoder implements WritableByteChannel {
    private final BlockFormat format;
    private final float[] scales;
    private final int blocksPerRow;
    private final FloatSink sink;
    private final float[] row;
    private int column;
    private int firstBlock;

    /** @param scales {@code [rows * ceil(columns / BLOCK)]} */
    BlockDecoder(BlockFormat format, float[] scales, int columns, FloatSink sink) {
        this.format = format;
        this.scales = scales;
        this.blocksPerRow = (int) BlockFormat.blocks(columns);
        this.sink = sink;
        this.row = new float[columns];
    }

    @Override
    public int write(ByteBuffer bytes) {
        int count = bytes.remaining();
        while (bytes.hasRemaining()) {
            byte value = bytes.get();
            if (format == BlockFormat.INT8) {
                put(value);
            } else {
                put((value << 28) >> 28);
                put(value >> 4);
            }
        }
        return count;
    }

    /** The half byte behind the last element is no code. */
    private void put(int code) {
        if (firstBlock == scales.length) {
            return;
        }
        row[column] = code * scales[firstBlock + column / BlockFormat.BLOCK];
        column++;
        if (column == row.length) {
            sink.accept(FloatBuffer.wrap(row));
            column = 0;
            firstBlock += blocksPerRow;
        }
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
