package org.dilort.runtime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import org.dilort.artifacts.AdamW;
import org.dilort.artifacts.FusedAdamW;
import org.dilort.artifacts.GraphOptions;
import org.dilort.artifacts.Optimizer;
import org.dilort.autodiff.Form;
import org.dilort.model.QueryChunks;

/** What a session computes on. */
public sealed interface Processor {

    void addTo(SessionOptions options) throws OrtException;

    /** Graphs written with the operators that are fast here. */
    GraphOptions tuned(GraphOptions options);

    /** The same rule in the kernels that are fast here; its state and its settings are those of before. */
    Optimizer tuned(Optimizer optimizer);

    /** The CPU, which every session can use. */
    record Cpu() implements Processor {

        @Override
        public void addTo(SessionOptions options) {}

        /** Gradients of plain operators: ONNX Runtime's fused ones run on one thread. */
        @Override
        public GraphOptions tuned(GraphOptions options) {
            return options.withForm(Form.PLAIN);
        }

        @Override
        public Optimizer tuned(Optimizer optimizer) {
            return optimizer;
        }
    }

    /**
     * An NVIDIA GPU. Weights, gradient sums and the optimizer's state stay in its memory.
     *
     * @param ordinal its number, from 0, among those that the driver shows
     */
    record Cuda(int ordinal) implements Processor {

        /** Queries of a chunk of attention: with fewer, starting the kernels takes longer than they run. */
        private static final int SHORTEST_CHUNK = 1024;

        public Cuda {
            if (ordinal < 0) {
                throw new IllegalArgumentException("GPU " + ordinal + ", expected 0 or more");
            }
        }

        /**
         * Products in float are products in float, not in TensorFloat-32. Arenas grow by what is asked for: each session
         * has its own, and doubling would reserve memory that the others need.
         */
        @Override
        public void addTo(SessionOptions options) throws OrtException {
            try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(ordinal)) {
                cuda.add("use_tf32", "0");
                cuda.add("arena_extend_strategy", "kSameAsRequested");
                cuda.add("cudnn_conv_algo_search", "HEURISTIC");
                options.addCUDA(cuda);
            }
        }

        @Override
        public GraphOptions tuned(GraphOptions options) {
            return options.withForm(Form.CONTRIB)
                    .withQueryChunks(QueryChunks.forRows(options.tablePositions(), SHORTEST_CHUNK));
        }

        @Override
        public Optimizer tuned(Optimizer optimizer) {
            return optimizer instanceof AdamW adamW ? new FusedAdamW(adamW) : optimizer;
        }
    }
}
