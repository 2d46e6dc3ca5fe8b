package org.dilort.check;

import java.util.List;

/** A head's losses, rewards and gradients against its formula's, pair by pair. */
final class FormulaComparison {
    private final WorstErrors errors;
    private int cases;

    FormulaComparison(WorstErrors errors) {
        this.errors = errors;
    }

    WorstErrors errors() {
        return errors;
    }

    /** Pairs that were compared. */
    int cases() {
        return cases;
    }

    void compare(HeadProbe probe, HeadFormula formula, FormulaInputs in) {
        HeadProbe.Result actual = probe.run(in.batch());
        List<Dual> expected = formula.losses(in);
        cases += expected.size();
        for (int pair = 0; pair < expected.size(); pair++) {
            errors.loss(actual.losses()[pair], expected.get(pair));
        }
        for (int sequence = 0; sequence < in.batch().sequences(); sequence++) {
            errors.loss(actual.rewards()[sequence], formula.reward(in, sequence));
        }
        compareGradients(actual.gradients(), expected);
    }

    /** Of the sum of losses: a slope is skipped only where a loss that has one leaves float. */
    private void compareGradients(double[] actual, List<Dual> losses) {
        for (int variable = 0; variable < actual.length; variable++) {
            double slope = 0;
            double size = 0;
            boolean inFloat = true;
            for (Dual loss : losses) {
                slope += loss.slope(variable);
                size += loss.slopeSize(variable);
                inFloat &= loss.slopeSize(variable) == 0 || WorstErrors.inFloat(loss.value(), size, loss);
            }
            if (inFloat) {
                errors.gradient(actual[variable], slope, size);
            }
        }
    }
}
