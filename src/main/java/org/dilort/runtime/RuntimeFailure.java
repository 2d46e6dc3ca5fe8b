package org.dilort.runtime;

import ai.onnxruntime.OrtException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dilort.error.RunFailure;

/** ONNX Runtime refused or failed at something that was checked before: a fault of this program or of the machine. */
public final class RuntimeFailure extends RunFailure {
    private static final long serialVersionUID = 1L;

    /** What precedes it names the node that asked last, and files of ONNX Runtime's own build. */
    private static final Pattern OUT_OF_MEMORY = Pattern.compile(
            "(Failed to allocate memory|Available memory of \\d+ is smaller|std::bad_alloc|out of memory).*",
            Pattern.DOTALL);

    RuntimeFailure(String doing, OrtException cause) {
        super(doing + ": " + reason(String.valueOf(cause.getMessage())), cause);
    }

    private static String reason(String message) {
        Matcher memory = OUT_OF_MEMORY.matcher(message);
        return memory.find()
                ? "out of memory (" + memory.group().strip() + "); smaller micro-batches (train.micro_batch_tokens) or"
                        + " shorter sequences (data.max_length) need less"
                : message;
    }
}
