package org.dilort.check;

import java.util.Map;
import java.util.TreeMap;

/**
 * The heads outside the Bregman family whose losses each depend on one pair, by their papers' or TRL's formulas, with q
 * the log-ratio, f = beta q and p the policy's log-probability, summed or averaged over tokens as the reduction says.
 */
final class PairFormulas {
    private PairFormulas() {}

    static Map<String, HeadFormula> all() {
        Map<String, HeadFormula.OfPair> all = new TreeMap<>();
        differences(all);
        anchored(all);
        withoutReference(all);
        divergences(all);
        Map<String, HeadFormula> formulas = new TreeMap<>();
        all.forEach((name, formula) -> formulas.put(name, HeadFormula.ofPair(formula)));
        return formulas;
    }

    /** -(1 - e) log sigmoid(z) - e log sigmoid(-z). */
    static Dual logistic(FormulaInputs in, Dual z) {
        double e = in.c("label_smoothing");
        return z.logSigmoid().times(e - 1).minus(z.negated().logSigmoid().times(e));
    }

    private static Dual z(FormulaInputs in, int w, int l) {
        return in.f(w).minus(in.f(l));
    }

    private static Dual dpo(FormulaInputs in, int w, int l) {
        return z(in, w, l).logSigmoid().negated();
    }

    private static void differences(Map<String, HeadFormula.OfPair> all) {
        all.put("dpo", (in, w, l) -> logistic(in, z(in, w, l)));
        all.put("sigmoid_norm", PairFormulas::dpo);
        all.put("robust", (in, w, l) -> {
            double e = in.c("label_smoothing");
            Dual z = z(in, w, l);
            Dual clean = z.logSigmoid().times(e - 1);
            return clean.plus(z.negated().logSigmoid().times(e)).times(1 / (1 - 2 * e));
        });
        all.put(
                "ipo",
                (in, w, l) -> in.q(w).minus(in.q(l)).plus(-0.5 / in.c("beta")).square());
        all.put("hinge", (in, w, l) -> z(in, w, l).negated().plus(1).positivePart());
        all.put("exo_pair", (in, w, l) -> {
            double e = in.c("label_smoothing");
            Dual z = z(in, w, l);
            return toTarget(z, 1 - e).plus(toTarget(z.negated(), e));
        });
        all.put("discopop", (in, w, l) -> {
            Dual z = z(in, w, l);
            Dual blend = z.times(1 / in.c("tau"));
            Dual logistic = z.logSigmoid().negated().times(blend.negated().sigmoid());
            return logistic.plus(blend.logSigmoid().minus(z).exp());
        });
        all.put("rpo", (in, w, l) -> dpo(in, w, l).plus(in.tokenNll(w).times(in.c("alpha"))));
        all.put("rpo_seq", (in, w, l) -> dpo(in, w, l).plus(in.responseNll(w).times(in.c("alpha"))));
        all.put("wpo", (in, w, l) -> dpo(in, w, l).times(Math.exp(aligned(in, w) + aligned(in, l))));
    }

    /** s(z) (log s(z) - log target). */
    private static Dual toTarget(Dual z, double target) {
        return z.sigmoid().times(z.logSigmoid().plus(-Math.log(target)));
    }

    private static double aligned(FormulaInputs in, int sequence) {
        HeadBatch batch = in.batch();
        return (batch.policy()[sequence] - batch.collision(sequence)) / batch.lengths()[sequence];
    }

    private static void anchored(Map<String, HeadFormula.OfPair> all) {
        all.put(
                "bco_pair",
                (in, w, l) -> in.f(w).logSigmoid().negated().plus(in.f(l).softplus()));
        all.put(
                "nca_pair",
                (in, w, l) -> in.f(w)
                        .logSigmoid()
                        .times(-1)
                        .minus(in.f(w).negated().logSigmoid().times(0.5))
                        .minus(in.f(l).negated().logSigmoid().times(0.5)));
        all.put("sppo_hard", PairFormulas::targets);
        all.put(
                "cal_dpo",
                (in, w, l) -> in.q(w)
                        .minus(in.q(l))
                        .logSigmoid()
                        .negated()
                        .plus(targets(in, w, l).times(0.5)));
        all.put(
                "apo_zero",
                (in, w, l) -> in.f(w).negated().sigmoid().plus(in.f(l).sigmoid()));
        all.put(
                "apo_down",
                (in, w, l) -> in.f(w).sigmoid().plus(z(in, w, l).negated().sigmoid()));
        all.put(
                "kto_zero",
                (in, w, l) ->
                        in.f(w).negated().sigmoid().plus(in.f(l).sigmoid()).times(0.5));
    }

    /** (q_w - 1 / (2 beta))² + (q_l + 1 / (2 beta))². */
    private static Dual targets(FormulaInputs in, int w, int l) {
        double target = 0.5 / in.c("beta");
        return in.q(w).plus(-target).square().plus(in.q(l).plus(target).square());
    }

    private static void withoutReference(Map<String, HeadFormula.OfPair> all) {
        all.put("sft", (in, w, l) -> in.tokenNll(w));
        all.put("cpo", (in, w, l) -> contrast(in, w, l, 0).plus(in.tokenNll(w).times(in.c("alpha"))));
        all.put(
                "cpo_seq",
                (in, w, l) -> contrast(in, w, l, 0).plus(in.responseNll(w).times(in.c("alpha"))));
        all.put("simpo", (in, w, l) -> contrast(in, w, l, in.c("gamma")));
        all.put("simper", (in, w, l) -> in.p(l).exp().minus(in.p(w).exp()));
        all.put(
                "slic",
                (in, w, l) -> in.p(l)
                        .minus(in.p(w))
                        .plus(in.c("delta"))
                        .positivePart()
                        .minus(in.p(w).times(in.c("lambda"))));
        all.put("orpo", (in, w, l) -> oddsPenalty(in, w, l).plus(in.tokenNll(w)));
    }

    /** -log sigmoid(beta (p_w - p_l) - gamma). */
    private static Dual contrast(FormulaInputs in, int w, int l, double gamma) {
        return in.p(w)
                .minus(in.p(l))
                .times(in.c("beta"))
                .plus(-gamma)
                .logSigmoid()
                .negated();
    }

    /** -beta log sigmoid of the difference of log odds, log(e^p / (1 - e^p)). */
    static Dual oddsPenalty(FormulaInputs in, int w, int l) {
        Dual chosen = in.p(w).minus(in.p(w).log1mexp());
        Dual rejected = in.p(l).minus(in.p(l).log1mexp());
        return chosen.minus(rejected).logSigmoid().times(-in.c("beta"));
    }

    private interface Score {
        Dual of(FormulaInputs in, Dual ratio);
    }

    private static void divergences(Map<String, HeadFormula.OfPair> all) {
        divergence(all, "fdpo_reverse_kl", (in, q) -> q);
        divergence(all, "fdpo_forward_kl", (in, q) -> in.exp(q.negated()).negated());
        divergence(all, "fdpo_js", (in, q) -> q.logSigmoid());
        divergence(all, "fdpo_alpha", (in, q) -> {
            double power = in.c("f_alpha") - 1;
            return power == 0 ? q : in.exp(q.times(power)).plus(-1).times(1 / power);
        });
    }

    /** -log sigmoid(beta (h(q_w) - h(q_l))). */
    private static void divergence(Map<String, HeadFormula.OfPair> all, String name, Score h) {
        all.put(
                name,
                (in, w, l) -> h.of(in, in.q(w))
                        .minus(h.of(in, in.q(l)))
                        .times(in.c("beta"))
                        .logSigmoid()
                        .negated());
    }
}
