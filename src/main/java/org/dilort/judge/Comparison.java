package org.dilort.judge;

import org.dilort.data.Prompt;

/** A prompt with two answers. */
public record Comparison(Prompt prompt, String a, String b) {

    boolean isOfEqualAnswers() {
        return a.equals(b);
    }

    Comparison swapped() {
        return new Comparison(prompt, b, a);
    }
}
