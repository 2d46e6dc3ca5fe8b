package org.dilort.eval;

/** How often the first of two numbers was the greater one. */
final class Contest {
    private long wins;
    private long ties;
    private long rounds;

    void add(double first, double second) {
        rounds++;
        wins += first > second ? 1 : 0;
        ties += first == second ? 1 : 0;
    }

    /** Of all rounds; a tie is none. */
    Share wins() {
        return Share.of(wins, rounds);
    }

    long ties() {
        return ties;
    }

    long rounds() {
        return rounds;
    }
}
