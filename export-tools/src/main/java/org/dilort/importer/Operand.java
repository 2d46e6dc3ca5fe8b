package org.dilort.importer;

import java.util.List;
import org.dilort.onnx.DType;
import org.dilort.onnx.Value;

/** What a name of the file stands for while its graph is walked. */
sealed interface Operand {

    /** A value of the graph under construction. */
    record Built(Value value) implements Operand {}

    /**
     * Integers that are known already, such as a shape: no node is made for them unless one is needed.
     *
     * @param sizes one for rank 0
     * @param rank 0 or 1
     * @param dtype INT64, INT32 or BOOL
     */
    record Sizes(List<Size> sizes, int rank, DType dtype) implements Operand {
        public Sizes {
            sizes = List.copyOf(sizes);
            if (rank > 1 || rank == 0 && sizes.size() != 1) {
                throw new IllegalArgumentException(sizes + " of rank " + rank);
            }
        }

        static Sizes vector(List<Size> sizes) {
            return new Sizes(sizes, 1, DType.INT64);
        }

        Sizes withRank(int newRank) {
            return new Sizes(sizes, newRank, dtype);
        }

        Sizes withDType(DType newType) {
            return new Sizes(sizes, rank, newType);
        }

        /** The numbers, if all are. */
        boolean allNumbers() {
            return sizes.stream().allMatch(Size.Number.class::isInstance);
        }

        long[] numbers() {
            return sizes.stream()
                    .mapToLong(size -> ((Size.Number) size).value())
                    .toArray();
        }
    }

    /**
     * Keys or values of earlier tokens, of which a forward pass over whole sequences has none.
     *
     * @param shape the dimension of tokens is 0
     */
    record Past(List<Size> shape) implements Operand {
        public Past {
            shape = List.copyOf(shape);
        }
    }
}
