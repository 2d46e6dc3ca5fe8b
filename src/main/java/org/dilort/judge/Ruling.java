package org.dilort.judge;

/**
 * What a judge said of two answers in both orders, in the names of the first.
 *
 * @param forward with {@code a} first
 * @param backward with {@code b} first
 */
public record Ruling(Verdict forward, Verdict backward) {

    /** What both say; a judge that changes its mind, or cannot be read, finds no difference. */
    public Verdict verdict() {
        return forward == backward && forward != Verdict.UNREADABLE ? forward : Verdict.TIE;
    }

    boolean isReadable() {
        return forward != Verdict.UNREADABLE && backward != Verdict.UNREADABLE;
    }

    /** Whether the order decided. */
    boolean isChanged() {
        return isReadable() && forward != backward;
    }
}
