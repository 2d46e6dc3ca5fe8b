package org.dilort.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Heads;
import org.dilort.heads.Objective;
import org.dilort.heads.Objective.Term;
import org.dilort.heads.Reduction;
import org.dilort.testing.Array;
import org.dilort.testing.GraphRunner;
import org.junit.jupiter.api.Test;

/** Objectives over two or three pairs, run by ONNX Runtime, against numbers derived by hand. */
class ObjectiveGraphTest {
    private static final Offset<Double> CLOSE = Offset.offset(1e-5);

    /** Reference log-probabilities of -10, so that log-ratios are policy + 10; lengths of 2. */
    private static Map<String, Array> inputs(double... policy) {
        int pairs = policy.length / 2;
        double[] tens = new double[policy.length];
        double[] twos = new double[policy.length];
        java.util.Arrays.fill(tens, -10);
        java.util.Arrays.fill(twos, 2);
        long[] shape = {pairs, 2};
        Map<String, Array> inputs = new LinkedHashMap<>();
        inputs.put("policy_logps", new Array(shape, policy));
        inputs.put("reference_logps", new Array(shape, tens));
        inputs.put("lengths", new Array(shape, twos));
        inputs.put("step_counts", Array.vector(pairs, 2 * pairs));
        return inputs;
    }

    private static HeadSpec uncapped(String name) {
        return new HeadSpec(Heads.named(name), Reduction.SUM, Map.of("exp_cap", Double.POSITIVE_INFINITY));
    }

    private static Map<String, Array> run(Objective objective, Map<String, Array> inputs) {
        return GraphRunner.run(ObjectiveGraph.build(objective), inputs);
    }

    /**
     * f = (0, ln 2) and (ln 3, 0): UKL gives -f_w + e^f_l = 2 and 1 - ln 3, BCE softplus(-f_w) + softplus(f_l) = ln 2 + ln
     * 3 and ln 4/3 + ln 2. With weights 1 and 2 and two pairs the gradients are half of -1 - 2 sigmoid(-f_w) and of e^f_l +
     * 2 sigmoid(f_l).
     */
    @Test
    void addsHeadsWithTheirWeights() {
        Objective objective = new Objective(List.of(new Term(HeadSpec.of("ukl"), 1), new Term(HeadSpec.of("bce"), 2)));
        Map<String, Array> outputs = run(objective, inputs(-10, Math.log(2) - 10, Math.log(3) - 10, -10));
        double first = 2 + 2 * (Math.log(2) + Math.log(3));
        double second = 1 - Math.log(3) + 2 * (Math.log(4 / 3.0) + Math.log(2));
        assertThat(outputs.get("losses").values()).containsExactly(new double[] {first, second}, CLOSE);
        assertThat(outputs.get("loss").values()).containsExactly(new double[] {(first + second) / 2}, CLOSE);
        assertThat(outputs.get("policy_logps.gradient").values())
                .containsExactly(
                        new double[] {(-1 - 2 * 0.5) / 2, (2 + 2 * 2 / 3.0) / 2, (-1 - 2 * 0.25) / 2, (1 + 2 * 0.5) / 2
                        },
                        CLOSE);
        assertThat(outputs.get("skipped").values()).containsExactly(0, 0);
    }

    /** Only the first head caps, at 30, and only the second pair's 2 f_l = 40 is above. */
    @Test
    void oneHeadsSaturationIsTheSums() {
        Objective objective = new Objective(List.of(new Term(HeadSpec.of("lsif"), 1), new Term(HeadSpec.of("bce"), 1)));
        Map<String, Array> outputs = run(objective, inputs(-10, -10, -10, 10));
        assertThat(outputs.get("saturated").values()).containsExactly(0, 1);
    }

    @Test
    void nothingSaturatesWithoutACap() {
        assertThat(run(Objective.of(HeadSpec.of("dpo")), inputs(-10, 500))
                        .get("saturated")
                        .values())
                .containsExactly(0);
    }

    /** e^100 is beyond float: that pair's loss is infinite. The other's share is still a half: loss -e^0 + e^0 / 2. */
    @Test
    void takesOutAPairWithoutALoss() {
        Map<String, Array> outputs = run(Objective.of(uncapped("lsif")), inputs(-10, -10, -10, 90));
        assertThat(outputs.get("skipped").values()).containsExactly(0, 1);
        assertThat(outputs.get("loss").values()).containsExactly(new double[] {-0.25}, CLOSE);
        assertThat(outputs.get("policy_logps.gradient").values())
                .containsExactly(new double[] {-0.5, 0.5, 0, 0}, CLOSE);
    }

    /**
     * Basu's l_-1 = e^((1 + a) f) has the slope (1 + a) e^((1 + a) f). With a = 3 and f = 22.1, e^88.4 = 2.5e38 is a float
     * and half of four times that is none, so the loss is finite where its gradient is not.
     */
    @Test
    void takesOutAPairWithoutAGradient() {
        HeadSpec basu =
                new HeadSpec(Heads.named("basu"), Reduction.SUM, Map.of("a", 3.0, "exp_cap", Double.POSITIVE_INFINITY));
        Map<String, Array> outputs = run(Objective.of(basu), inputs(-10, 12.1, -10, -10));
        assertThat(outputs.get("losses").values()[0]).isFinite();
        assertThat(outputs.get("skipped").values()).containsExactly(1, 0);
        assertThat(outputs.get("loss").values()[0])
                .isEqualTo(outputs.get("losses").values()[1] / 2, CLOSE);
        assertThat(outputs.get("policy_logps.gradient").values()).containsExactly(new double[] {0, 0, -2, 2}, CLOSE);
    }

    /** A reference token at -infinity makes pair 0's margin infinite; targets of pair 1 keep their gradient. */
    @Test
    void takesOutTheTokensOfAPair() {
        Map<String, Array> inputs = inputs(-4, -4, -4, -4);
        inputs.put("token_logps", Array.vector(-2, -2, -2, -2, -2, -2, -2, -2));
        double minusInfinity = Double.NEGATIVE_INFINITY;
        inputs.put("reference_token_logps", Array.vector(-2, -2, minusInfinity, -2, -2, -2, -2, -2));
        inputs.put("target_sequences", Array.vector(0, 0, 1, 1, 2, 2, 3, 3));
        Map<String, Array> outputs = run(Objective.of(HeadSpec.of("ld_dpo")), inputs);
        assertThat(outputs.get("skipped").values()).containsExactly(1, 0);
        double slope = 0.1 * 0.5 / 2; // beta sigmoid(0) / pairs
        assertThat(outputs.get("token_logps.gradient").values())
                .containsExactly(new double[] {0, 0, 0, 0, -slope, -slope, slope, slope}, CLOSE);
        assertThat(outputs.get("policy_logps.gradient").values()).containsExactly(0, 0, 0, 0);
    }

    /** Each head reads and writes its own part: delta is the mean reward of all pairs, beta 0.1 and 0.2 apart. */
    @Test
    void statesLieOneAfterTheOther() {
        HeadSpec steeper = new HeadSpec(Heads.named("bco"), Reduction.SUM, Map.of("beta", 0.2));
        Objective objective = new Objective(
                List.of(new Term(HeadSpec.of("bco"), 1), new Term(HeadSpec.of("dpo"), 1), new Term(steeper, 1)));
        Map<String, Array> inputs = inputs(-8, -10, -6, -12); // mean log-ratio (2 + 0 + 4 - 2) / 4 = 1
        inputs.put("state", Array.vector(0.5, 1, 0, 0));
        assertThat(objective.stateSize()).isEqualTo(4);
        assertThat(run(objective, inputs).get("next_state").values())
                .containsExactly(new double[] {(0.5 + 0.1) / 2, 2, 0.2, 1}, CLOSE);
    }
}
