package org.dilort.lora;

import java.util.Arrays;
import org.dilort.model.Parameter.Layout;
import org.dilort.weights.NamedTensors;

/**
 * s B A in the layout of the weight that it is added to, a row at a time: the product of a matrix {@code left [rows, r]}
 * and a matrix {@code right [r, columns]}.
 */
final class LowRankUpdate {
    private final float[] left;
    private final float[] right;
    private final int rank;
    private final int columns;

    private LowRankUpdate(float[] left, float[] right, int rank) {
        this.left = left;
        this.right = right;
        this.rank = rank;
        this.columns = right.length / rank;
    }

    static LowRankUpdate of(Adapter adapter, NamedTensors trained) {
        int rank = adapter.settings().rank();
        float[] a = trained.toArray(adapter.a()); // [r, in]
        float[] b = trained.toArray(adapter.b()); // [out, r]
        float scale = (float) adapter.settings().scale();
        for (int i = 0; i < b.length; i++) {
            b[i] *= scale;
        }
        return adapter.layer().layout() == Layout.OUT_IN
                ? new LowRankUpdate(b, a, rank)
                : new LowRankUpdate(transposed(a, rank), transposed(b, b.length / rank), rank);
    }

    private static float[] transposed(float[] matrix, int rows) {
        int columns = matrix.length / rows;
        float[] transposed = new float[matrix.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                transposed[j * rows + i] = matrix[i * columns + j];
            }
        }
        return transposed;
    }

    int columns() {
        return columns;
    }

    /** @param target {@code [columns]}, overwritten */
    void row(long row, float[] target) {
        Arrays.fill(target, 0);
        for (int k = 0; k < rank; k++) {
            float factor = left[Math.toIntExact(row * rank + k)];
            int from = k * columns;
            for (int i = 0; i < columns; i++) {
                target[i] += factor * right[from + i];
            }
        }
    }
}
