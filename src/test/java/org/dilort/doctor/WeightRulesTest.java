package org.dilort.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.dilort.artifacts.Adafactor;
import org.dilort.artifacts.AdamW;
import org.dilort.artifacts.CheckpointRole;
import org.dilort.artifacts.CheckpointWriter;
import org.dilort.artifacts.Lion;
import org.dilort.artifacts.Optimizer;
import org.dilort.artifacts.Sgd;
import org.dilort.model.Parameter;
import org.dilort.weights.FloatSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules that read checkpoints. */
class WeightRulesTest {
    private static final Optimizer ADAMW = new AdamW(0.9, 0.999, 1e-8, 0, 1);
    private static final Optimizer LION = new Lion(0.9, 0.99, 0, 1);
    private static final Optimizer SGD = new Sgd(0.9, Sgd.Look.PLAIN, 0, 1);
    private static final List<Parameter> PARAMETERS =
            List.of(Parameter.gain("norm", 2), Parameter.matrix("head", 2, 2), Parameter.offset("bias", 2));

    @TempDir
    private Path folder;

    private GradientFlowRule rule(Optimizer optimizer, long step) {
        GradientFlowRule rule = new GradientFlowRule(PARAMETERS, optimizer);
        rule.afterStep(FakeStep.of(step).report());
        return rule;
    }

    private void write(Optimizer optimizer, String... untouched) {
        try (CheckpointWriter writer = CheckpointWriter.create(folder.resolve("checkpoint"))) {
            for (Parameter parameter : PARAMETERS) {
                List<Long> shape =
                        Arrays.stream(parameter.shape().toArray()).boxed().toList();
                float[] state = new float[(int) parameter.elements()];
                state[state.length - 1] = List.of(untouched).contains(parameter.name()) ? 0 : 1e-30f;
                for (Optimizer.StateTensor tensor : optimizer.state(parameter)) {
                    writer.add(
                            CheckpointRole.FROZEN,
                            parameter.name() + "." + tensor.kind(),
                            shape,
                            FloatSource.of(state));
                }
            }
            writer.finish();
        }
    }

    @Test
    void aParameterWithoutGradientIsNamedOnce() {
        for (Optimizer optimizer : List.of(ADAMW, LION, SGD)) {
            write(optimizer, "head", "bias");
            GradientFlowRule rule = rule(optimizer, 2);

            Remark remark = rule.afterCheckpoint(2, folder).orElseThrow();
            assertThat(remark.name()).isEqualTo("parameter-without-gradient");
            assertThat(remark.severity()).isEqualTo(Severity.WARNING);
            assertThat(remark.text())
                    .startsWith("2 of 3 trained parameters had no gradient in 2 updates, expected none (head, bias): ");
            assertThat(rule.afterCheckpoint(3, folder)).isEmpty();
        }
    }

    /** One value of the last row is enough, as of an embedding whose other rows no token used. */
    @Test
    void oneValueIsAGradient() {
        write(ADAMW);
        assertThat(rule(ADAMW, 2).afterCheckpoint(2, folder)).isEmpty();
    }

    /** Where B of a LoRA begins as zero, A has no gradient at the first update. */
    @Test
    void theFirstUpdateIsTooEarly() {
        write(ADAMW, "head");
        GradientFlowRule rule = rule(ADAMW, 1);
        assertThat(rule.afterCheckpoint(1, folder)).isEmpty();

        rule.afterStep(FakeStep.of(2).report());
        assertThat(rule.afterCheckpoint(2, folder)).isPresent();
    }

    @Test
    void optimizersThatTellNothingAreNotAsked() {
        Optimizer plain = new Sgd(0, Sgd.Look.PLAIN, 0, 1);
        write(ADAMW, "head");
        assertThat(rule(plain, 9).afterCheckpoint(9, folder)).isEmpty();
    }

    private Optional<Remark> rate(Optimizer optimizer, double rate, float... weights) {
        Path checkpoint = folder.resolve("checkpoint");
        try (CheckpointWriter writer = CheckpointWriter.create(checkpoint)) {
            writer.add(CheckpointRole.FROZEN, "w", List.of((long) weights.length), FloatSource.of(weights))
                    .finish();
        }
        List<Parameter> one = List.of(Parameter.gain("w", weights.length));
        return new RateResolutionRule(checkpoint, one, optimizer, rate).atStart();
    }

    /** Half a unit in the last place of 0.02 is 2^-30 = 9.3e-10, of 1 it is 2^-24 = 6e-8. */
    @Test
    void aRateThatFloatRoundsAwayIsSaidBeforeTheFirstStep() {
        assertThat(rate(LION, 9e-10, 0.02f, -0.02f, 0.03f, 1)).hasValueSatisfying(remark -> {
            assertThat(remark.step()).isZero();
            assertThat(remark.name()).isEqualTo("learning-rate-too-small");
            assertThat(remark.text())
                    .startsWith(
                            "train.learning_rate is 9.00e-10, expected more: lion moves a weight by at most 9.00e-10")
                    .contains("100.0 % of the weights; half of them need 9.31e-10");
        });
        assertThat(rate(LION, 1e-9, 0.02f, -0.02f, 0.03f, 1)).isEmpty();
    }

    /** With the usual betas AdamW moves at most 0.1 / sqrt(0.001) = 3.16 times the rate. */
    @Test
    void adamMovesFurtherThanItsRate() {
        assertThat(rate(ADAMW, 2.9e-10, 0.02f)).isPresent();
        assertThat(rate(ADAMW, 3e-10, 0.02f)).isEmpty();
    }

    @Test
    void zerosTakeAnyChangeAndOtherOptimizersHaveNoBound() {
        assertThat(rate(ADAMW, 1e-12, 0, 0, 1, 1)).isEmpty();
        assertThat(rate(SGD, 1e-30, 1, 1)).isEmpty();
        assertThat(rate(new Adafactor(0.8, 1e-30, 1, 0, 1), 1e-30, 1, 1)).isEmpty();
    }
}
