package org.dilort.eval;

import java.util.List;

/** Answers prompts, each on its own. */
@FunctionalInterface
public interface Answerer {

    /** The answers, in the order of the prompts. */
    List<String> answer(List<String> prompts);
}
