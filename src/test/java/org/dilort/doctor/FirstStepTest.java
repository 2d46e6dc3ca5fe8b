package org.dilort.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Heads;
import org.dilort.heads.Objective;
import org.dilort.heads.Reduction;
import org.dilort.heads.Variant;
import org.dilort.onnx.DType;
import org.dilort.runtime.MicroBatch;
import org.dilort.train.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FirstStepTest {
    /** Sums of three pairs; chosen responses have 4 tokens, rejected ones 9. */
    private static final float[] REFERENCE = {-3, -20, -5, -11, -7, -31};

    private static final double LN2 = Math.log(2);

    private static Step step(MicroBatch... batches) {
        return new Step(1, 0.1, List.of(batches), 100, 90);
    }

    /** A row per pair, the prompt one token. */
    static MicroBatch batch(int pairsOfStep, float... reference) {
        int pairs = reference.length / 2;
        int length = 14;
        long[] grid = new long[pairs * length];
        long[] sequences = new long[13 * pairs];
        for (int i = 0; i < sequences.length; i++) {
            sequences[i] = 2L * (i / 13) + (i % 13 < 4 ? 0 : 1);
        }
        float[] weights = new float[pairs];
        Arrays.fill(weights, 1f / pairsOfStep);
        return new MicroBatch(
                pairs,
                length,
                grid,
                grid,
                grid,
                grid,
                new long[sequences.length],
                new long[sequences.length],
                sequences,
                new int[pairs],
                reference,
                weights,
                new float[] {pairsOfStep, 4 * pairsOfStep});
    }

    private static FirstStep.ExpectedLoss loss(Objective objective) {
        return FirstStep.loss(step(batch(3, REFERENCE)), objective, DType.FLOAT).orElseThrow();
    }

    /** The column "loss at f = 0" of the heads' formulas: each is the formula with f_w = f_l = 0. */
    @ParameterizedTest
    @CsvSource({
        "dpo, 0.6931471805599453",
        "lsif, -0.5",
        "ukl, 1",
        "bce, 1.3862943611198906",
        "itakura_saito, 1",
        "hellinger, 2",
        "jeffreys, 2",
        "brier, 0.5",
        "jensen_shannon, 0",
        "basu, 0",
        "power, 0",
        "pearson, -1",
        "hinge, 1",
        "sigmoid_norm, 0.6931471805599453",
        "nca_pair, 1.3862943611198906",
        "kto_pair, 0.5",
        "bco, 1.3862943611198906",
        "aot, 0.6931471805599453",
    })
    void givesTheConstantOfEveryFormula(String head, double expected) {
        for (Reduction reduction : Heads.named(head).reductions()) {
            Objective objective = Objective.of(new HeadSpec(Heads.named(head), reduction, Map.of()));
            assertThat(loss(objective).value()).as("%s", reduction).isCloseTo(expected, within(1e-6));
        }
    }

    /** (0 - 1 / (2 beta))², beta 0.5. */
    @Test
    void knowsMargins() {
        Objective ipo = Objective.of(new HeadSpec(Heads.named("ipo"), Reduction.MEAN, Map.of("beta", 0.5)));
        assertThat(loss(ipo).value()).isCloseTo(1, within(1e-6));
    }

    /** -(1 - e) log sigmoid(0) - e log sigmoid(0) = ln 2 for any e. */
    @Test
    void knowsLabelSmoothing() {
        Objective smoothed =
                Objective.of(new HeadSpec(Heads.named("dpo"), Reduction.SUM, Map.of("label_smoothing", 0.2)));
        assertThat(loss(smoothed).value()).isCloseTo(LN2, within(1e-6));
    }

    /** The mixture of BCE is nca_pair: l_1(f_w) + l_-1(f_w) / 2 + l_-1(f_l) / 2. */
    @Test
    void knowsVariants() {
        Objective mixture = Objective.of(new HeadSpec(Heads.named("bce"), Variant.MIXTURE, Reduction.SUM, Map.of()));
        assertThat(loss(mixture).value()).isCloseTo(2 * LN2, within(1e-6));
    }

    /** The likelihood of the chosen responses is that of the reference: (3 + 5 + 7) / 12 tokens. */
    @Test
    void addsSeveralHeads() {
        Objective both = new Objective(
                List.of(new Objective.Term(HeadSpec.of("dpo"), 2), new Objective.Term(HeadSpec.of("sft"), 0.5)));
        assertThat(loss(both).value()).isCloseTo(2 * LN2 + 0.5 * 15 / 12, within(1e-6));
    }

    @Test
    void microBatchesDoNotMatter() {
        Objective objective = Objective.of(HeadSpec.of("kto_pair"));
        Step parts = step(batch(3, -3, -20), batch(3, -5, -11, -7, -31));

        assertThat(FirstStep.loss(parts, objective, DType.FLOAT)).contains(loss(objective));
        FirstStep first = FirstStep.of(parts, DType.FLOAT);
        assertThat(first.logps()).containsExactly(new double[] {-5, -62 / 3.0}, within(1e-6));
    }

    /** Its weight is made of the policy's own distribution, which no reference has. */
    @Test
    void doesNotGuessWhatOnlyAModelKnows() {
        Objective wpo = Objective.of(HeadSpec.of("wpo"));
        assertThat(FirstStep.loss(step(batch(3, REFERENCE)), wpo, DType.FLOAT)).isEmpty();
    }

    /** d loss / d f of LSIF at 0: -1 and 1, each a third; 4 and 9 tokens. */
    @Test
    void allowsForTheRoundingOfTheTypeOfTheProducts() {
        Step step = step(batch(3, REFERENCE));
        Objective lsif = Objective.of(HeadSpec.of("lsif"));

        assertThat(FirstStep.of(step, DType.FLOAT).tolerances())
                .containsExactly(new double[] {2e-3, 3e-3}, within(1e-9));
        assertThat(FirstStep.of(step, DType.FLOAT16).tolerances())
                .containsExactly(new double[] {2e-2, 3e-2}, within(1e-9));
        assertThat(FirstStep.of(step, DType.BFLOAT16).tolerances())
                .containsExactly(new double[] {0.1, 0.15}, within(1e-9));
        assertThat(loss(lsif).tolerance()).isCloseTo(5e-3 + 1e-5, within(1e-8));
        assertThat(FirstStep.loss(step, lsif, DType.BFLOAT16).orElseThrow().tolerance())
                .isCloseTo(0.25 + 1e-5, within(1e-6));
    }

    private static final FirstStep EXPECTED = new FirstStep(new double[] {-30, -40}, new double[] {0.01, 0.01});

    @Test
    void aReferenceThatAgreesIsNotSpokenOf() {
        ReferenceRule reference = new ReferenceRule(EXPECTED);
        assertThat(FakeStep.watch(reference, 5, step -> FakeStep.of(step).logpChosen(step == 1 ? -30.009 : -20)))
                .isEmpty();
        Rule loss = new FirstLossRule(new FirstStep.ExpectedLoss(LN2, 1e-3), reference);
        assertThat(FakeStep.watch(loss, 5, step -> FakeStep.of(step).loss(step == 1 ? LN2 + 9e-4 : 0.1)))
                .isEmpty();
    }

    @Test
    void aReferenceOfAnotherModelIsSpokenOfOnce() {
        ReferenceRule reference = new ReferenceRule(EXPECTED);
        Rule loss = new FirstLossRule(new FirstStep.ExpectedLoss(LN2, 1e-3), reference);

        assertThat(FakeStep.watch(reference, 3, step -> FakeStep.of(step).logpChosen(-29.5)))
                .singleElement()
                .satisfies(remark -> {
                    assertThat(remark.name()).isEqualTo("reference-differs");
                    assertThat(remark.severity()).isEqualTo(Severity.WARNING);
                    assertThat(remark.text())
                            .startsWith("logps/chosen is -29.5, expected the reference's -30.0 to within 0.0100");
                });
        assertThat(FakeStep.watch(
                        loss, 3, step -> FakeStep.of(step).logpChosen(-29.5).loss(2)))
                .isEmpty();
        assertThat(FakeStep.watch(reference, 1, step -> FakeStep.of(step).logpChosen(Double.NaN)))
                .hasSize(1);
    }

    @Test
    void aLossThatIsNotTheHeadsIsSpokenOf() {
        Rule loss = new FirstLossRule(new FirstStep.ExpectedLoss(LN2, 1e-3), new ReferenceRule(EXPECTED));

        assertThat(FakeStep.watch(loss, 3, step -> FakeStep.of(step).loss(0.7)))
                .singleElement()
                .satisfies(remark -> {
                    assertThat(remark.name()).isEqualTo("unexpected-first-loss");
                    assertThat(remark.text()).startsWith("loss is 0.700, expected 0.693 to within 0.00100");
                });
    }
}
