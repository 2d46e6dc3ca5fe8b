package org.dilort.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.dilort.runtime.UpdateResult;
import org.dilort.train.ProgressLine.Style;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private static final String NEW_LINE = System.lineSeparator();

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private long nanos;

    @Test
    void printsAPlainLineEverySoManyStepsAndAtTheEnd() {
        ProgressLine line = line(Style.PLAIN, 2);
        line.onStart(LoopState.start());
        for (long step = 1; step <= 5; step++) {
            nanos += 2_000_000_000;
            line.onStep(report(step, 5));
        }
        line.onEnd(new Outcome.Completed(LoopState.start()));
        assertThat(printed())
                .isEqualTo(lines(
                        "step 2/5  loss 0.6250  accuracy 0.875  margin 0.7500  lr 5.00e-07  36 tok/s  eta 0:06",
                        "step 4/5  loss 0.6250  accuracy 0.875  margin 0.7500  lr 5.00e-07  36 tok/s  eta 0:02",
                        "step 5/5  loss 0.6250  accuracy 0.875  margin 0.7500  lr 5.00e-07  36 tok/s  eta 0:00"));
    }

    @Test
    void drawsOverOneLineOnATerminalAndBlanksWhatWasLonger() {
        ProgressLine line = line(Style.TERMINAL, 10);
        line.onStart(LoopState.start());
        nanos += 3_700_000_000L * 1000;
        line.onStep(report(1, 2));
        line.onStep(report(2, 2));
        line.onEnd(new Outcome.Completed(LoopState.start()));
        String text = "  loss 0.6250  accuracy 0.875  margin 0.7500  lr 5.00e-07  36 tok/s  eta ";
        assertThat(printed())
                .isEqualTo("\rstep 1/2" + text + "1:01:40" + "\rstep 2/2" + text + "0:00" + "   " + NEW_LINE);
    }

    @Test
    void takesTheTimeLeftFromThisProcessAlone() {
        ProgressLine line = line(Style.PLAIN, 1);
        line.onStart(new LoopState(90, 90, 0, 0, 0.9, 0));
        nanos += 4_000_000_000L;
        line.onStep(report(92, 100));
        assertThat(printed()).contains("eta 0:16");
    }

    @Test
    void leavesOutAccuracyAndMarginWithoutRejectedResponses() {
        ProgressLine line = line(Style.PLAIN, 1);
        StepReport report = Fakes.report();
        line.onStart(LoopState.start());
        line.onStep(new StepReport(
                report.state(),
                4,
                0.625,
                5e-7,
                report.update(),
                new PairMeans.ChosenOnly(1, -2, new HeadShares(0, 0)),
                18,
                9,
                12,
                0.5));
        assertThat(printed()).isEqualTo(lines("step 2/4  loss 0.6250  lr 5.00e-07  36 tok/s  eta 0:00"));
    }

    @Test
    void givesSkippedUpdatesEvaluationsAndCheckpointsLinesOfTheirOwn() {
        ProgressLine line = line(Style.TERMINAL, 10);
        line.onStart(LoopState.start());
        line.onStep(report(1, 2));
        StepReport second = report(2, 2);
        LoopState state = new LoopState(2, 1, 1, 1, 1, 36);
        UpdateResult skipped = new UpdateResult(Double.NaN, false);
        line.onStep(new StepReport(state, 2, 0.625, 5e-7, skipped, second.means(), 18, 9, 12, 0.5));
        line.onEvaluation(new EvaluationReport(2, new TreeMap<>(Map.of("rewards/margins", 0.5, "loss", 0.25))));
        line.onCheckpoint(2, Path.of("checkpoints", "step-00000002"));
        line.close();
        assertThat(printed().split(NEW_LINE))
                .satisfiesExactly(
                        drawn -> assertThat(drawn).startsWith("\rstep 1/2  "),
                        warning ->
                                assertThat(warning).isEqualTo("step 2: gradient not finite, update skipped (1 so far)"),
                        drawn -> assertThat(drawn).startsWith("\rstep 2/2  "),
                        evaluation -> assertThat(evaluation)
                                .isEqualTo("evaluation at step 2  loss 0.2500  rewards/margins 0.5000"),
                        checkpoint -> assertThat(checkpoint)
                                .isEqualTo("checkpoint " + Path.of("checkpoints", "step-00000002")));
    }

    @Test
    void heldOutPairsWithANameHaveALineOfTheirOwn() {
        ProgressLine line = line(Style.PLAIN, 10);
        line.onStart(LoopState.start());
        Map<String, Double> metrics = Map.of("loss", 0.5, "not_helpful_loss", 0.75, "a-b_logps/chosen", -2.0);
        line.onEvaluation(new EvaluationReport(3, new TreeMap<>(metrics)));
        assertThat(printed())
                .isEqualTo(lines(
                        "evaluation at step 3  loss 0.5000",
                        "evaluation at step 3, a-b  logps/chosen -2.0000",
                        "evaluation at step 3, not_helpful  loss 0.7500"));
    }

    @Test
    void endsADrawnLineOnceWhenClosed() {
        ProgressLine line = line(Style.TERMINAL, 10);
        line.onStart(LoopState.start());
        line.onStep(report(1, 2));
        line.close();
        line.close();
        assertThat(printed()).endsWith("eta 0:00" + NEW_LINE).doesNotEndWith(NEW_LINE + NEW_LINE);
    }

    @Test
    void writesNumbersAlikeInEveryCountry() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            ProgressLine line = line(Style.PLAIN, 1);
            line.onStart(LoopState.start());
            line.onStep(report(1, 2));
        } finally {
            Locale.setDefault(before);
        }
        assertThat(printed()).contains("loss 0.6250");
    }

    @Test
    void refusesToLogEveryZeroSteps() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> line(Style.PLAIN, 0))
                .withMessage("log every 0 steps, expected 1 or more");
    }

    private ProgressLine line(Style style, long logEvery) {
        return new ProgressLine(out, style, logEvery, () -> nanos);
    }

    private static StepReport report(long step, long steps) {
        StepReport report = Fakes.report();
        LoopState state = new LoopState(step, step, 0, 0, 0.5, 18 * step);
        return new StepReport(state, steps, 0.625, 5e-7, report.update(), report.means(), 18, 9, 12, 0.5);
    }

    private static String lines(String... lines) {
        return String.join(NEW_LINE, lines) + NEW_LINE;
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
