package org.dilort.lora;

/**
 * The numbers that all adapters of a run share.
 *
 * @param rank r, columns of B and rows of A
 */
public record LoraSettings(int rank, double alpha, Scaling scaling, Kind kind) {

    /** What the product B A is scaled by. */
    public enum Scaling {
        /** alpha / r. */
        BY_RANK,
        /** alpha / sqrt(r), which keeps the size of the update the same for all ranks (rsLoRA, arXiv 2312.03732). */
        BY_ROOT_OF_RANK
    }

    /** What an adapter changes of its layer. */
    public enum Kind {
        /** W + s B A. */
        LORA,
        /** m (W + s B A) / ‖W + s B A‖, norms over the inputs of each output; no gradient through the norm. */
        DORA
    }

    public LoraSettings {
        if (rank < 1 || !(alpha > 0) || Double.isInfinite(alpha)) {
            throw new IllegalArgumentException(
                    "rank " + rank + " and alpha " + alpha + ", expected a rank >= 1 and an alpha > 0");
        }
    }

    /** s. */
    public double scale() {
        return switch (scaling) {
            case BY_RANK -> alpha / rank;
            case BY_ROOT_OF_RANK -> alpha / Math.sqrt(rank);
        };
    }
}
