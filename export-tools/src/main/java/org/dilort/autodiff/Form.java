package org.dilort.autodiff;

/** How a gradient is written where ONNX Runtime's training build has an operator of its own for it. */
public enum Form {
    /** Operators that every ONNX Runtime has. */
    PLAIN,
    /** The fused gradient operators of training builds. */
    CONTRIB
}
