package org.dilort.config;

/** The shape of the learning rate after warm-up. */
public enum Scheduler implements Keyed {
    CONSTANT,
    LINEAR,
    COSINE
}
