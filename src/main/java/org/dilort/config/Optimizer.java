package org.dilort.config;

/** The rule that turns a gradient into new parameters. */
public enum Optimizer implements Keyed {
    ADAMW,
    SGD,
    LION,
    ADAFACTOR
}
