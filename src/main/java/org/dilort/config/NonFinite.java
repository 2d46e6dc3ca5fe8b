package org.dilort.config;

/** What becomes of a pair whose loss or gradient is not finite. */
public enum NonFinite implements Keyed {
    SKIP,
    STOP
}
