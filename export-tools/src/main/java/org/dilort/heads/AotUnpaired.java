package org.dilort.heads;

import java.util.List;

/**
 * Alignment via optimal transport, unpaired (arXiv 2406.05882): the distribution of the chosen responses' log-ratios
 * over the step is to dominate the rejected ones', quantile by quantile.
 *
 * <p>With d_i = sort(f_w)_i - sort(f_l)_i over the step's pairs: loss_i = {@link Dpo}'s of d_i, so loss i is the i-th
 * quantile's and no pair's own.
 */
final class AotUnpaired implements Head {

    @Override
    public String name() {
        return "aot_unpaired";
    }

    @Override
    public String formula() {
        return "-(1 - e) log sigmoid(beta d) - e log sigmoid(-beta d), d = sort(q_w) - sort(q_l)";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(0.1), Coefficient.labelSmoothing(0, 0, 0.5));
    }

    @Override
    public Scope scope() {
        return Scope.STEP;
    }

    @Override
    public HeadOutputs build(HeadInputs in) {
        Sides f = in.rewards();
        Sides sorted = f.map(side -> in.ops().sortAscending(side, 0));
        return new HeadOutputs(Dpo.logistic(in, in.ops().sub(sorted.chosen(), sorted.rejected())), f);
    }
}
