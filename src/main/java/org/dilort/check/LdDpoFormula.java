package org.dilort.check;

import java.util.List;

/** LD-DPO by its paper: the tokens of a response beyond the length of the pair's shorter one weigh a. */
final class LdDpoFormula implements HeadFormula {

    @Override
    public List<Dual> losses(FormulaInputs in) {
        HeadFormula dpo = HeadFormula.ofPair((numbers, w, l) ->
                reward(numbers, w).minus(reward(numbers, l)).logSigmoid().negated());
        return dpo.losses(in);
    }

    @Override
    public Dual reward(FormulaInputs in, int sequence) {
        double[] lengths = in.batch().lengths();
        double shorter = Math.min(lengths[sequence], lengths[sequence ^ 1]);
        Dual sum = Dual.constant(0);
        for (FormulaInputs.TokenRatio ratio : in.tokenRatios()) {
            if (ratio.token().sequence() == sequence) {
                double weight = ratio.token().place() < shorter ? 1 : in.c("ld_alpha");
                sum = sum.plus(ratio.ratio().times(weight));
            }
        }
        return sum.times(in.c("beta"));
    }
}
