package org.dilort.config;

/** In what the frozen linear layers beside adapters are kept. */
public enum Quantize implements Keyed {
    /** As their files have them. */
    NONE,
    INT8,
    INT4
}
