package org.dilort.artifacts;

/** Which of the two lists of a checkpoint a tensor stands in. */
public enum CheckpointRole {
    /** Updated by ONNX Runtime's own optimizer, which then wants a gradient buffer for it. */
    TRAINABLE,
    /** Held by the session and saved with it; only the graphs themselves may change it. */
    FROZEN
}
