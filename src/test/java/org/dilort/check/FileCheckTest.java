package org.dilort.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.dilort.check.CheckReport.Verdict;
import org.dilort.error.UnsupportedOperatorException;
import org.dilort.heads.Head;
import org.dilort.heads.HeadGraph;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Heads;
import org.dilort.heads.Reduction;
import org.dilort.heads.UserFiles;
import org.dilort.heads.UserFiles.Inputs;
import org.dilort.onnx.DType;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Heads with one fault each, and what is said of it. */
class FileCheckTest {
    private static final Map<String, String> NONE = Map.of();

    @TempDir
    private Path folder;

    private CheckReport check(byte[] model) {
        try {
            return FileCheck.run(Files.write(folder.resolve("my.onnx"), model));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A loss of the margin of log-ratios, {@code [pairs]}. */
    private interface Loss {
        Value of(Inputs in, Value margin);
    }

    private CheckReport check(Map<String, String> metadata, Loss loss) {
        return check(UserFiles.file(metadata, (in, ratios) -> {
            Value margin = in.ops().sub(in.column(ratios, 0), in.column(ratios, 1));
            in.outputs(loss.of(in, margin), ratios);
        }));
    }

    private CheckReport check(Loss loss) {
        return check(NONE, loss);
    }

    private static String line(CheckReport report, String check) {
        return report.lines().stream()
                .filter(line -> line.startsWith(check + " "))
                .map(line -> line.replaceAll(" +", " "))
                .findFirst()
                .orElseThrow(() -> new AssertionError(String.join("\n", report.lines())));
    }

    private static void assertVerdict(CheckReport report, Verdict verdict) {
        assertThat(report.verdict()).as(String.join("\n", report.lines())).isEqualTo(verdict);
    }

    private static Value softplus(Inputs in, Value x) {
        Ops ops = in.ops();
        Value rest = ops.log(ops.add(ops.exp(ops.neg(ops.abs(x))), 1));
        return ops.add(ops.max(x, ops.scalar(x, 0)), rest);
    }

    @Test
    void goodHeadPasses() {
        CheckReport report =
                check((in, margin) -> softplus(in, ops(in).neg(ops(in).mul(margin, in.coefficient("beta", 0.5)))));
        assertVerdict(report, Verdict.PASSED);
        assertThat(report.lines()).noneMatch(line -> line.contains("FAILED"));
        assertThat(line(report, "metadata")).isEqualTo("metadata ok head my, scope pair, coefficients beta = 0.5");
        assertThat(line(report, "gradient")).startsWith("gradient ok equals differences of the losses in float64 to ");
        assertThat(line(report, "scope")).startsWith("scope ok pair");
        assertThat(line(report, "reference")).isEqualTo("reference ok needed");
        assertThat(line(report, "swap")).endsWith("only the difference of the two counts");
        assertThat(line(report, "formula")).startsWith("formula ok metadata name none of our heads");
        assertThat(report.lines().get(report.lines().size() - 1))
                .isEqualTo(folder.resolve("my.onnx") + ": 0 failed, 0 warnings");
    }

    private static Ops ops(Inputs in) {
        return in.ops();
    }

    @Test
    void everyBreachOfTheContractHasItsLine() {
        CheckReport report = check(UserFiles.file(Map.of("scope", "all"), (in, ratios) -> {
            ops(in).graph().output("losses", ratios);
            ops(in).graph().output("margins", ratios);
        }));
        assertVerdict(report, Verdict.NOT_A_HEAD);
        assertThat(report.lines().stream().map(line -> line.replaceAll(" +", " ")))
                .containsSubsequence(
                        "outputs FAILED output rewards is missing, expected float[pairs, 2]",
                        "outputs FAILED output losses is float[pairs, 2], expected float[pairs]",
                        "outputs warning output margins is read by nothing",
                        "metadata FAILED metadata scope is \"all\", expected pair or step",
                        folder.resolve("my.onnx") + ": 3 failed, 1 warning; this is no head");
    }

    /** The name is the file's own, which the writer here makes of operator and number. */
    @Test
    void operatorWithoutGradientRuleIsNamed() {
        CheckReport report = check((in, margin) -> ops(in).sign(margin));
        assertVerdict(report, Verdict.FAILED);
        assertThat(line(report, "gradient"))
                .isEqualTo("gradient FAILED node Sign_6: no gradient rule for Sign in"
                        + " %Sign_6:float[pairs] = Sign(%Sub_5)");
    }

    @Test
    void operatorThatWeDoNotKnowEndsTheCheck() {
        byte[] model = UserFiles.square(NONE);
        String text =
                new String(model, java.nio.charset.StandardCharsets.ISO_8859_1).replace("\"\u0003Mul", "\"\u0003Xor");
        assertThatThrownBy(() -> check(text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)))
                .isInstanceOf(UnsupportedOperatorException.class)
                .hasMessageContaining("operator Xor is not supported");
    }

    /** The double of a margin of policies alone gets no slope through a Cast to whole numbers and back. */
    @Test
    void lossThatStandsStillHasNoGradient() {
        CheckReport report = check((in, margin) -> ops(in).cast(ops(in).cast(margin, DType.INT64), DType.FLOAT));
        assertThat(line(report, "pull")).startsWith("pull warning no gradient at (q_w = 0.000, q_l = 0.000), (");
    }

    /** The branch that is not taken is computed all the same: 0 times infinity is its part of the slope. */
    @Test
    void gradientThatIsNoNumberBesideALossThatIsFails() {
        CheckReport report = check((in, margin) -> {
            Ops ops = in.ops();
            Value isAbove = ops.greater(margin, ops.scalar(margin, 0));
            return ops.where(isAbove, ops.sqrt(margin), margin);
        });
        assertThat(line(report, "finite")).startsWith("finite FAILED a gradient is NaN at q_w = ");
        assertThat(line(report, "gradient")).contains(" is NaN, differences give 1.0");
        assertVerdict(report, Verdict.FAILED);
    }

    @Test
    void kinkIsNoFault() {
        CheckReport report = check((in, margin) -> ops(in).max(ops(in).neg(margin), ops(in).scalar(margin, 0)));
        assertThat(line(report, "gradient")).startsWith("gradient ok");
    }

    /** At log-ratios of a few, the square root of a margin is no number. */
    @Test
    void lossThatIsNoNumberFails() {
        CheckReport report = check((in, margin) -> ops(in).sqrt(margin));
        assertThat(line(report, "finite")).startsWith("finite FAILED the loss is NaN at q_w = ");
        assertVerdict(report, Verdict.FAILED);
    }

    @Test
    void exponentialWithoutCapIsWarnedOf() {
        CheckReport report = check((in, margin) -> ops(in).exp(ops(in).neg(margin)));
        assertThat(line(report, "finite")).startsWith("finite ok");
        assertThat(line(report, "extremes")).startsWith("extremes warning the loss is Infinity at q_w = -");
        assertVerdict(report, Verdict.PASSED);
    }

    /** log(sigmoid(x)) of ONNX Runtime is log(0) where sigmoid is 0 in float. */
    @Test
    void floatThatLosesTheLossIsWarnedOf() {
        CheckReport report = check((in, margin) -> ops(in).neg(ops(in).log(ops(in).sigmoid(margin))));
        assertThat(line(report, "float32")).startsWith("float32 warning a loss is ");
        assertThat(line(report, "gradient")).startsWith("gradient ok");
    }

    @Test
    void operatorWithoutDoubleKernelIsCheckedInFloat() {
        CheckReport report = check((in, margin) -> ops(in).neg(ops(in).graph()
                .node("", "Erf", List.of(ops(in).mul(margin, 0.1)), Map.of())
                .get(0)));
        assertThat(line(report, "gradient")).startsWith("gradient ok equals differences of the losses in float32");
        assertThat(line(report, "float32")).startsWith("float32 warning an operator has no float64 kernel");
    }

    @Test
    void wrongSignIsWarnedOf() {
        CheckReport report = check((in, margin) -> softplus(in, margin));
        assertThat(line(report, "pull"))
                .startsWith("pull warning lowers the chosen response at (q_w = 0.000, q_l = 0.000), (q_w = -2.000")
                .contains("; raises the rejected response at (");
        assertVerdict(report, Verdict.PASSED);
    }

    /** Each loss less the mean of all. */
    private static Value coupled(Inputs in, Value margin) {
        Ops ops = in.ops();
        Value losses = softplus(in, ops.neg(margin));
        return ops.sub(losses, ops.mul(ops.reduceMean(losses, 0), 0.5));
    }

    @Test
    void lossesThatDependOnEachOtherNeedTheScopeOfTheStep() {
        CheckReport undeclared = check(NONE, FileCheckTest::coupled);
        assertThat(line(undeclared, "scope"))
                .startsWith("scope FAILED pair 0 has loss ")
                .endsWith("the loss of a pair depends on the others, so metadata must say scope = step");
        assertVerdict(undeclared, Verdict.FAILED);
        CheckReport declared = check(Map.of("scope", "step"), FileCheckTest::coupled);
        assertThat(line(declared, "scope")).isEqualTo("scope ok step: the loss of a pair depends on the others");
        assertVerdict(declared, Verdict.PASSED);
    }

    /** The batch's size instead of the step's count: right only while a step is one micro-batch. */
    @Test
    void lossThatCountsItsMicroBatchIsCoupled() {
        CheckReport report = check((in, margin) -> {
            Ops ops = in.ops();
            Value ones = ops.add(ops.mul(margin, 0), 1);
            return ops.div(softplus(in, ops.neg(margin)), ops.reduceSum(ones, 0));
        });
        assertThat(line(report, "scope")).startsWith("scope FAILED");
    }

    @Test
    void scopeThatIsNotNeededIsWarnedOf() {
        CheckReport report = check(Map.of("scope", "step"), (in, margin) -> softplus(in, ops(in).neg(margin)));
        assertThat(line(report, "scope")).startsWith("scope warning step, as its metadata say");
    }

    @Test
    void referenceThatNothingReadsIsWarnedOf() {
        CheckReport report = check(UserFiles.file(NONE, (in, ratios) -> {
            Value margin = ops(in).sub(in.column(in.policy(), 0), in.column(in.policy(), 1));
            in.outputs(softplus(in, ops(in).neg(margin)), in.policy());
        }));
        assertThat(line(report, "reference")).startsWith("reference warning asked for, and nothing depends on it");
    }

    @Test
    void swapShowsWhetherTheHeadKnowsTheSides() {
        BiConsumer<Inputs, Value> blind = (in, ratios) -> {
            Value margin = ops(in).abs(ops(in).sub(in.column(ratios, 0), in.column(ratios, 1)));
            in.outputs(softplus(in, ops(in).neg(margin)), ratios);
        };
        assertThat(line(check(UserFiles.file(NONE, blind)), "swap")).startsWith("swap warning no loss changes");
        BiConsumer<Inputs, Value> lopsided = (in, ratios) -> {
            Value margin = ops(in).sub(in.column(ratios, 0), in.column(ratios, 1));
            Value chosenTwice = ops(in).concat(1, ops(in).slice(ratios, 1, 0, 1), ops(in).slice(ratios, 1, 0, 1));
            in.outputs(softplus(in, ops(in).neg(margin)), chosenTwice);
        };
        assertThat(line(check(UserFiles.file(NONE, lopsided)), "swap"))
                .startsWith("swap warning the rewards do not swap");
    }

    private static List<Head> heads() {
        return Heads.all();
    }

    /** Every head of ours, checked from its file, equals its formula with whatever coefficients it holds. */
    @ParameterizedTest
    @MethodSource("heads")
    void ourOwnFilesPass(Head head) {
        Reduction reduction = head.reductions().get(0);
        CheckReport report = check(HeadGraph.toBytes(new HeadSpec(head, reduction, Map.of())));
        assertVerdict(report, Verdict.PASSED);
        assertThat(line(report, "formula")).startsWith("formula ok " + head.name() + ", pointwise, ");
        assertThat(line(report, "gradient")).contains("in float64");
    }

    @Test
    void fileThatIsNotTheHeadItNamesFails() {
        Map<String, String> dpo = Map.of("head", "dpo");
        assertThat(line(check(scaledDpo(dpo, 1)), "formula"))
                .startsWith(
                        "formula warning dpo, pointwise, sum, 1 coefficients at their defaults: equal but for the digits");
        CheckReport other = check(scaledDpo(dpo, 1.001));
        assertThat(line(other, "formula"))
                .endsWith(": losses and rewards within 1.0e-03, gradients within 1.0e-03, 230 pairs");
        assertVerdict(other, Verdict.FAILED);
    }

    /** With log(1 + e^-x), which is 0 in float where e^-x is less than a unit of 1. */
    private static byte[] scaledDpo(Map<String, String> metadata, double scale) {
        return UserFiles.file(metadata, (in, ratios) -> {
            Ops ops = in.ops();
            Value rewards = ops.mul(ratios, in.coefficient("beta", 0.25));
            Value margin = ops.sub(in.column(rewards, 0), in.column(rewards, 1));
            in.outputs(ops.mul(softplus(in, ops.neg(margin)), scale), rewards);
        });
    }

    @Test
    void wrongMetadataOfOurHeadFail() {
        CheckReport range =
                check(Map.of("head", "dpo"), (in, margin) -> ops(in).mul(margin, in.coefficient("beta", -1)));
        assertThat(line(range, "formula"))
                .startsWith("formula FAILED metadata head = dpo: head.beta: got -1.0, expected 1.0E-6");
        CheckReport variant = check(Map.of("head", "dpo", "variant", "sideways"), (in, margin) -> margin);
        assertThat(line(variant, "formula"))
                .isEqualTo("formula FAILED metadata head = dpo: variant is \"sideways\", expected one of [pointwise]");
    }
}
