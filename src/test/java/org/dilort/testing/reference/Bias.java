package org.dilort.testing.reference;

/** Whether a projection adds a bias. */
enum Bias {
    NONE,
    ADDED;

    static Bias when(boolean added) {
        return added ? ADDED : NONE;
    }
}
