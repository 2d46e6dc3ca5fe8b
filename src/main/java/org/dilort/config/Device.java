package org.dilort.config;

/** Where the model runs; {@code AUTO} is chosen by the runtime. */
public enum Device implements Keyed {
    AUTO,
    CPU,
    CUDA
}
