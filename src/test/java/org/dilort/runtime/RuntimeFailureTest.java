package org.dilort.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import org.junit.jupiter.api.Test;

class RuntimeFailureTest {

    @Test
    void saysWhatNeedsLessMemory() {
        String remedy =
                "; smaller micro-batches (train.micro_batch_tokens) or shorter sequences (data.max_length) need less";
        assertThat(failure("node x: bfc_arena.cc:359 AllocateRawInternal Failed to allocate memory for requested buffer"
                        + " of size 2310144\n"))
                .hasMessage("the step failed: out of memory (Failed to allocate memory for requested buffer of size"
                        + " 2310144)" + remedy);
        assertThat(failure("node x: std::bad_alloc"))
                .hasMessage("the step failed: out of memory (std::bad_alloc)" + remedy);
        assertThat(failure("CUDA failure 2: out of memory ; GPU=0"))
                .hasMessage("the step failed: out of memory (out of memory ; GPU=0)" + remedy);
    }

    @Test
    void repeatsWhateverElseWasSaid() {
        assertThat(failure("no such input")).hasMessage("the step failed: no such input");
        assertThat(failure(null)).hasMessage("the step failed: null");
    }

    private static RuntimeFailure failure(String message) {
        return new RuntimeFailure("the step failed", new OrtException(message));
    }
}
