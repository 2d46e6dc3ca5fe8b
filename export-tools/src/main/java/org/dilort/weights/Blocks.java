package org.dilort.weights;

import java.nio.FloatBuffer;

/** Cuts the elements of a matrix into the blocks of its rows, whatever chunks they arrive in. */
final class Blocks implements FloatSink {

    /** Takes one block. */
    interface Use {
        /** @param values the first {@code count} are the block's, valid during the call */
        void accept(float[] values, int count);
    }

    private final long columns;
    private final Use use;
    private final float[] block = new float[BlockFormat.BLOCK];
    private int filled;
    private long column;

    Blocks(long columns, Use use) {
        this.columns = columns;
        this.use = use;
    }

    @Override
    public void accept(FloatBuffer chunk) {
        while (chunk.hasRemaining()) {
            block[filled++] = chunk.get();
            column++;
            if (filled == block.length || column == columns) {
                use.accept(block, filled);
                filled = 0;
                column = column == columns ? 0 : column;
            }
        }
    }
}
