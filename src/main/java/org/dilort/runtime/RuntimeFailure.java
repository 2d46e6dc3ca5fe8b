package org.dilort.runtime;

import ai.onnxruntime.OrtException;
import org.dilort.error.RunFailure;

/** ONNX Runtime refused or failed at something that was checked before: a fault of this program or of the machine. */
public final class RuntimeFailure extends RunFailure {
    private static final long serialVersionUID = 1L;

    RuntimeFailure(String doing, OrtException cause) {
        super(doing + ": " + cause.getMessage(), cause);
    }
}
