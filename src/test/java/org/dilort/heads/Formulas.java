package org.dilort.heads;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import org.dilort.heads.HeadRunner.Batch;

/**
 * The heads outside the Bregman family in float64, each written from its paper's or TRL's formula, with q the
 * log-ratio, f = beta q and p the policy's log-probability, all summed or averaged over tokens as the reduction says.
 */
final class Formulas {
    private static final Map<String, StepFormula> ALL = table();

    private Formulas() {}

    interface StepFormula {
        double[] losses(Numbers n);
    }

    interface PairFormula {
        /** @param w index of the chosen response, {@code l} of the rejected one */
        double loss(Numbers n, int w, int l);
    }

    /**
     * What a formula reads.
     *
     * @param detached the policy's sums where no derivative is taken
     */
    record Numbers(Batch batch, double[] detached, HeadSpec spec) {
        double c(String name) {
            return spec.coefficients().get(name);
        }

        double reduced(double sum, int i) {
            return spec.reduction() == Reduction.MEAN ? sum / batch.lengths()[i] : sum;
        }

        double p(int i) {
            return reduced(batch.policy()[i], i);
        }

        double ref(int i) {
            return reduced(batch.reference()[i], i);
        }

        double q(int i) {
            return reduced(batch.policy()[i] - batch.reference()[i], i);
        }

        double f(int i) {
            return c("beta") * q(i);
        }

        double detachedF(int i) {
            return c("beta") * reduced(detached[i] - batch.reference()[i], i);
        }

        /** The step's negative log-likelihood per chosen token, of which a pair has its own part times the pairs. */
        double tokenNll(int w) {
            return -batch.policy()[w] * batch.pairs() / batch.chosenTokens();
        }

        double responseNll(int w) {
            return -batch.policy()[w] / batch.lengths()[w];
        }
    }

    static StepFormula of(String head) {
        StepFormula formula = ALL.get(head);
        if (formula == null) {
            throw new AssertionError("no formula in the tests for head " + head);
        }
        return formula;
    }

    static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    static double sigmoid(double x) {
        return Math.exp(-softplus(-x));
    }

    private static double relu(double x) {
        return Math.max(x, 0);
    }

    private static double square(double x) {
        return x * x;
    }

    private static Map<String, StepFormula> table() {
        Map<String, StepFormula> all = new TreeMap<>();
        differences(all);
        anchored(all);
        withoutReference(all);
        divergences(all);
        overTheStep(all);
        return all;
    }

    private static void pair(Map<String, StepFormula> all, String head, PairFormula formula) {
        all.put(head, n -> {
            double[] losses = new double[n.batch().pairs()];
            Arrays.setAll(losses, pair -> formula.loss(n, 2 * pair, 2 * pair + 1));
            return losses;
        });
    }

    /** -(1 - e) log sigmoid(z) - e log sigmoid(-z). */
    private static double logistic(Numbers n, double z) {
        double e = n.c("label_smoothing");
        return (1 - e) * softplus(-z) + e * softplus(z);
    }

    private static void differences(Map<String, StepFormula> all) {
        pair(all, "dpo", (n, w, l) -> logistic(n, n.f(w) - n.f(l)));
        pair(all, "sigmoid_norm", (n, w, l) -> softplus(n.f(l) - n.f(w)));
        pair(all, "robust", (n, w, l) -> {
            double e = n.c("label_smoothing");
            double z = n.f(w) - n.f(l);
            return ((1 - e) * softplus(-z) - e * softplus(z)) / (1 - 2 * e);
        });
        pair(all, "ipo", (n, w, l) -> square(n.q(w) - n.q(l) - 1 / (2 * n.c("beta"))));
        pair(all, "hinge", (n, w, l) -> relu(1 - (n.f(w) - n.f(l))));
        pair(all, "exo_pair", (n, w, l) -> {
            double e = n.c("label_smoothing");
            double z = n.f(w) - n.f(l);
            return sigmoid(z) * (-softplus(-z) - Math.log1p(-e)) + sigmoid(-z) * (-softplus(z) - Math.log(e));
        });
        pair(all, "discopop", (n, w, l) -> {
            double z = n.f(w) - n.f(l);
            double m = sigmoid(z / n.c("tau"));
            return softplus(-z) * (1 - m) + Math.exp(-z) * m;
        });
        pair(all, "rpo", (n, w, l) -> softplus(n.f(l) - n.f(w)) + n.c("alpha") * n.tokenNll(w));
        pair(all, "rpo_seq", (n, w, l) -> softplus(n.f(l) - n.f(w)) + n.c("alpha") * n.responseNll(w));
    }

    private static void anchored(Map<String, StepFormula> all) {
        pair(all, "bco_pair", (n, w, l) -> softplus(-n.f(w)) + softplus(n.f(l)));
        pair(all, "nca_pair", (n, w, l) -> softplus(-n.f(w)) + softplus(n.f(w)) / 2 + softplus(n.f(l)) / 2);
        pair(all, "apo_zero", (n, w, l) -> 1 - sigmoid(n.f(w)) + sigmoid(n.f(l)));
        pair(all, "apo_down", (n, w, l) -> sigmoid(n.f(w)) + 1 - sigmoid(n.f(w) - n.f(l)));
        pair(all, "kto_zero", (n, w, l) -> sigmoid(-n.f(w)) / 2 + sigmoid(n.f(l)) / 2);
        pair(all, "sppo_hard", (n, w, l) -> squaredErrors(n, w, l));
        pair(all, "cal_dpo", (n, w, l) -> softplus(n.q(l) - n.q(w)) + squaredErrors(n, w, l) / 2);
    }

    private static double squaredErrors(Numbers n, int w, int l) {
        double target = 1 / (2 * n.c("beta"));
        return square(n.q(w) - target) + square(n.q(l) + target);
    }

    private static void withoutReference(Map<String, StepFormula> all) {
        pair(all, "sft", (n, w, l) -> n.tokenNll(w));
        pair(all, "simper", (n, w, l) -> -Math.exp(n.p(w)) + Math.exp(n.p(l)));
        pair(all, "simpo", (n, w, l) -> softplus(-(n.c("beta") * (n.p(w) - n.p(l)) - n.c("gamma"))));
        pair(all, "slic", (n, w, l) -> relu(n.c("delta") - (n.p(w) - n.p(l))) - n.c("lambda") * n.p(w));
        pair(all, "cpo", (n, w, l) -> softplus(-n.c("beta") * (n.p(w) - n.p(l))) + n.c("alpha") * n.tokenNll(w));
        pair(all, "cpo_seq", (n, w, l) -> softplus(-n.c("beta") * (n.p(w) - n.p(l))) + n.c("alpha") * n.responseNll(w));
        pair(all, "orpo", (n, w, l) -> n.tokenNll(w) + n.c("beta") * softplus(-(logOdds(n.p(w)) - logOdds(n.p(l)))));
    }

    private static double logOdds(double p) {
        return p - Math.log(-Math.expm1(p));
    }

    private static void divergences(Map<String, StepFormula> all) {
        pair(all, "fdpo_reverse_kl", (n, w, l) -> softplus(n.f(l) - n.f(w)));
        pair(all, "fdpo_forward_kl", (n, w, l) -> softplus(n.c("beta") * (Math.exp(-n.q(w)) - Math.exp(-n.q(l)))));
        pair(all, "fdpo_js", (n, w, l) -> softplus(n.c("beta") * (softplus(-n.q(w)) - softplus(-n.q(l)))));
        pair(all, "fdpo_alpha", (n, w, l) -> {
            double k = n.c("f_alpha") - 1;
            double difference = k == 0 ? n.q(w) - n.q(l) : (Math.exp(k * n.q(w)) - Math.exp(k * n.q(l))) / k;
            return softplus(-n.c("beta") * difference);
        });
    }

    private static void overTheStep(Map<String, StepFormula> all) {
        all.put("kto_pair", n -> kto(n, side -> relu(mean(n, side, i -> n.f(i)))));
        all.put("kto_pair_detached", n -> kto(n, side -> relu(mean(n, side, i -> n.detachedF(i)))));
        all.put("aot", n -> {
            double[] policy = sorted(n, w -> n.p(w) - n.p(w + 1));
            double[] reference = sorted(n, w -> n.ref(w) - n.ref(w + 1));
            return quantiles(n, i -> n.c("beta") * (policy[i] - reference[i]));
        });
        all.put("aot_unpaired", n -> {
            double[] chosen = sorted(n, w -> n.f(w));
            double[] rejected = sorted(n, w -> n.f(w + 1));
            return quantiles(n, i -> chosen[i] - rejected[i]);
        });
    }

    private static double[] kto(Numbers n, IntToDoubleFunction shift) {
        double[] losses = new double[n.batch().pairs()];
        Arrays.setAll(losses, pair -> {
            double chosen = 1 - sigmoid(n.f(2 * pair) - shift.applyAsDouble(1));
            double rejected = 1 - sigmoid(shift.applyAsDouble(0) - n.f(2 * pair + 1));
            return chosen / 2 + rejected / 2;
        });
        return losses;
    }

    private static double mean(Numbers n, int side, IntToDoubleFunction of) {
        double sum = 0;
        for (int pair = 0; pair < n.batch().pairs(); pair++) {
            sum += of.applyAsDouble(2 * pair + side);
        }
        return sum / n.batch().pairs();
    }

    private static double[] sorted(Numbers n, IntToDoubleFunction ofPair) {
        double[] values = new double[n.batch().pairs()];
        Arrays.setAll(values, pair -> ofPair.applyAsDouble(2 * pair));
        Arrays.sort(values);
        return values;
    }

    private static double[] quantiles(Numbers n, IntToDoubleFunction z) {
        double[] losses = new double[n.batch().pairs()];
        Arrays.setAll(losses, i -> logistic(n, z.applyAsDouble(i)));
        return losses;
    }
}
