package org.dilort.judge;

/** Which of two answers is better. */
public enum Verdict {
    A,
    B,
    TIE,
    /** The judge said something, but not which. */
    UNREADABLE;

    /** With the two answers exchanged. */
    Verdict swapped() {
        return switch (this) {
            case A -> B;
            case B -> A;
            case TIE, UNREADABLE -> this;
        };
    }
}
