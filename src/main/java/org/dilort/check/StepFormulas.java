package org.dilort.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;

/** The heads whose losses look at the whole step, by their papers' or TRL's formulas. */
final class StepFormulas {
    private StepFormulas() {}

    static Map<String, HeadFormula> all() {
        Map<String, HeadFormula> all = new TreeMap<>();
        all.put("aot", StepFormulas::aot);
        all.put("aot_unpaired", StepFormulas::aotUnpaired);
        all.put("kto_pair", in -> kto(in, in::f));
        all.put("kto_pair_detached", in -> kto(in, in::detachedF));
        all.put("bco", StepFormulas::bco);
        all.put("orpo_full", StepFormulas::orpoFull);
        return all;
    }

    private static List<Dual> each(FormulaInputs in, IntFunction<Dual> ofPair) {
        List<Dual> losses = new ArrayList<>();
        for (int pair = 0; pair < in.batch().pairs(); pair++) {
            losses.add(ofPair.apply(pair));
        }
        return losses;
    }

    private static List<Dual> sorted(FormulaInputs in, IntFunction<Dual> ofPair) {
        List<Dual> values = each(in, ofPair);
        values.sort(Comparator.comparingDouble(Dual::value));
        return values;
    }

    private static List<Dual> aot(FormulaInputs in) {
        List<Dual> policy = sorted(in, pair -> in.p(2 * pair).minus(in.p(2 * pair + 1)));
        List<Dual> reference = sorted(in, pair -> in.reference(2 * pair).minus(in.reference(2 * pair + 1)));
        return each(in, i -> {
            Dual difference = policy.get(i).minus(reference.get(i));
            return PairFormulas.logistic(in, difference.times(in.c("beta")));
        });
    }

    private static List<Dual> aotUnpaired(FormulaInputs in) {
        List<Dual> chosen = sorted(in, pair -> in.f(2 * pair));
        List<Dual> rejected = sorted(in, pair -> in.f(2 * pair + 1));
        return each(in, i -> PairFormulas.logistic(in, chosen.get(i).minus(rejected.get(i))));
    }

    /** sigmoid(k_l - f_w) / 2 + sigmoid(f_l - k_w) / 2, k the step's mean reward of a side, at least 0. */
    private static List<Dual> kto(FormulaInputs in, IntFunction<Dual> reward) {
        Dual chosen = mean(each(in, pair -> reward.apply(2 * pair))).positivePart();
        Dual rejected = mean(each(in, pair -> reward.apply(2 * pair + 1))).positivePart();
        return each(in, pair -> {
            Dual loss = rejected.minus(in.f(2 * pair)).sigmoid();
            return loss.plus(in.f(2 * pair + 1).minus(chosen).sigmoid()).times(0.5);
        });
    }

    private static Dual mean(List<Dual> values) {
        Dual sum = Dual.constant(0);
        for (Dual value : values) {
            sum = sum.plus(value);
        }
        return sum.times(1.0 / values.size());
    }

    /** The mean of the state goes on to this step's mean reward, as a constant. */
    private static List<Dual> bco(FormulaInputs in) {
        List<Dual> rewards = new ArrayList<>();
        for (int i = 0; i < in.batch().sequences(); i++) {
            rewards.add(in.detachedF(i));
        }
        double before = in.batch().state(0);
        double steps = in.batch().state(1);
        double delta = (before * steps + mean(rewards).value()) / (steps + 1);
        return each(in, pair -> {
            Dual chosen = in.f(2 * pair).plus(-delta).logSigmoid().negated();
            return chosen.plus(in.f(2 * pair + 1).plus(-delta).softplus());
        });
    }

    private static List<Dual> orpoFull(FormulaInputs in) {
        HeadBatch batch = in.batch();
        double tokens = batch.chosenTokens();
        for (int pair = 0; pair < batch.pairs(); pair++) {
            tokens += batch.promptLength(pair);
        }
        double scale = -batch.pairs() / tokens;
        return each(in, pair -> {
            Dual nll = in.prompt(pair).plus(in.sum(2 * pair)).times(scale);
            return nll.plus(PairFormulas.oddsPenalty(in, 2 * pair, 2 * pair + 1));
        });
    }
}
