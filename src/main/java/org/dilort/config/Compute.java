package org.dilort.config;

/** The type that the model computes in; masters stay float32. */
public enum Compute implements Keyed {
    AUTO,
    FLOAT32,
    BFLOAT16,
    FLOAT16;

    /** The type on a device that was chosen: {@code AUTO} is float32 on CPU and bfloat16 on CUDA. */
    public Compute on(Device device) {
        if (this != AUTO) {
            return this;
        }
        return switch (device) {
            case CPU -> FLOAT32;
            case CUDA -> BFLOAT16;
            case AUTO -> throw new IllegalArgumentException("got device auto, expected one that was chosen");
        };
    }
}
