package org.dilort.export;

/** What a listener wants of a sequence. */
public enum Next {
    GO_ON,
    STOP
}
