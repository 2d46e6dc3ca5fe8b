package org.dilort.check;

import java.util.ArrayList;
import java.util.List;

/** A head's formula in float64. */
interface HeadFormula {

    /** A loss for each pair of the step. */
    List<Dual> losses(FormulaInputs in);

    default Dual reward(FormulaInputs in, int sequence) {
        Dual ratio = in.spec().head().needsReference() ? in.q(sequence) : in.p(sequence);
        return ratio.times(in.beta());
    }

    /** A loss that depends on its own pair only. */
    interface OfPair {
        /**
         * @param w index of the chosen response
         * @param l index of the rejected response
         */
        Dual loss(FormulaInputs in, int w, int l);
    }

    static HeadFormula ofPair(OfPair formula) {
        return in -> {
            List<Dual> losses = new ArrayList<>();
            for (int pair = 0; pair < in.batch().pairs(); pair++) {
                losses.add(formula.loss(in, 2 * pair, 2 * pair + 1));
            }
            return losses;
        };
    }
}
