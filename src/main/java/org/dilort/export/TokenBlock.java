package org.dilort.export;

/**
 * The next columns of a batch, row-major.
 *
 * @param ids {@code [rows * length]}
 * @param positions {@code [rows * length]}, position in the sequence
 * @param mask {@code [rows * length]}, 1 = a token, 0 = padding
 */
record TokenBlock(int rows, int length, long[] ids, long[] positions, long[] mask) {

    TokenBlock {
        int tokens = Math.multiplyExact(rows, length);
        if (ids.length != tokens || positions.length != tokens || mask.length != tokens || length == 0) {
            throw new IllegalArgumentException("%d ids, %d positions, %d mask values; expected %d rows of %d"
                    .formatted(ids.length, positions.length, mask.length, rows, length));
        }
    }

    static TokenBlock empty(int rows, int length) {
        int tokens = Math.multiplyExact(rows, length);
        return new TokenBlock(rows, length, new long[tokens], new long[tokens], new long[tokens]);
    }

    void put(int row, int column, long id, long position) {
        int at = row * length + column;
        ids[at] = id;
        positions[at] = position;
        mask[at] = 1;
    }
}
