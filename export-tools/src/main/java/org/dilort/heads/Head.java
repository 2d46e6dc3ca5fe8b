package org.dilort.heads;

import java.util.List;

/** A preference loss: one formula over a pair's log-probabilities. */
public interface Head {

    String name();

    /** One line, in the notation f = beta (log-probability - reference log-probability), w chosen, l rejected. */
    String formula();

    List<Coefficient> coefficients();

    /** The reductions that make sense, the default first. */
    List<Reduction> reductions();

    boolean needsReference();

    boolean needsRejected();

    HeadOutputs build(HeadInputs inputs);
}
