package org.dilort.config;

/** The rule that turns a gradient into new parameters. */
public enum Update implements Keyed {
    ADAMW
}
