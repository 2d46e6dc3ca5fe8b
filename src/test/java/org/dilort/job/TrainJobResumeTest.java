package org.dilort.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.dilort.config.Config;
import org.dilort.config.ConfigLoader;
import org.dilort.error.ConfigException;
import org.dilort.train.Outcome;
import org.dilort.train.ProgressLine;
import org.dilort.train.StepReport;
import org.dilort.train.StopSignal;
import org.dilort.train.TrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run that was stopped, or killed, and then resumed ends in the very bytes of one that was not. */
class TrainJobResumeTest {
    private static final String RESUME = "train.resume=true";

    @TempDir
    private Path temp;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @CsvSource({"lsif, 1, 1", "lsif, 2, 2", "dpo, 5, 1", "kto_pair, 3, 1", "sft, 3, 1", "bco, 3, 1", "ld_dpo, 2, 1"})
    void aStoppedRunGoesOnAsIfNothingHadBeen(String head, long step, int threads) {
        String[] options = {"head.name=" + head, "train.threads=" + threads};
        train("whole", List.of(), options);

        Outcome stopped = stopAfter("parts", step, options);
        assertThat(stopped).isInstanceOfSatisfying(Outcome.Interrupted.class, interrupted -> {
            assertThat(interrupted.cause()).isEqualTo(StopSignal.Cause.SIGTERM);
            assertThat(interrupted.state().step()).isEqualTo(step);
        });
        assertThat(files("parts").checkpoints()).containsExactly("step-0000000" + step);
        assertThat(files("parts").steps()).hasSize((int) step);
        assertThat(temp.resolve("parts/hf")).doesNotExist();

        assertThat(train("parts", List.of(), with(options, RESUME))).isInstanceOf(Outcome.Completed.class);
        assertSameRuns("parts", "whole");
        assertThat(text(err)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"sgd, 1e-3", "lion, 1e-5", "adafactor, 1e-4"})
    void theStateOfEveryOptimizerGoesOn(String optimizer, String learningRate) {
        String[] options = {
            "train.optimizer=" + optimizer,
            "train.learning_rate=" + learningRate,
            "train.weight_decay=0.1",
            "train.no_decay=[norms_and_biases]"
        };
        train("whole", List.of(), options);
        stopAfter("parts", 3, options);
        train("parts", List.of(), with(options, RESUME));
        assertSameRuns("parts", "whole");
        assertThat(files("whole").losses().get(5))
                .isLessThan(files("whole").losses().get(0));
    }

    @Test
    void evaluationsGoOnToo() {
        String[] options = {"data.eval=src/test/resources/job/held-out.jsonl", "train.eval_every=2"};
        train("whole", List.of(), options);
        assertThat(files("whole").evaluations()).hasSize(3);

        stopAfter("parts", 2, options);
        stopAfter("parts", 3, with(options, RESUME));
        train("parts", List.of(), with(options, RESUME));
        assertSameRuns("parts", "whole");
    }

    @Test
    void aKilledRunGoesOnFromItsLastCheckpoint() throws IOException {
        String[] options = {"train.save_every=2"};
        train("whole", List.of(), options);

        killAfter("parts", 5, options);
        assertThat(files("parts").stepNumbers()).containsExactly(1L, 2L, 3L, 4L, 5L);
        Files.writeString(
                temp.resolve("parts/metrics.jsonl"),
                Files.readString(temp.resolve("parts/metrics.jsonl")) + "{\"step\":6,\"lo");
        Files.createDirectories(temp.resolve("parts/checkpoints/step-00000006.tmp"));

        train("parts", List.of(), with(options, RESUME));
        assertSameRuns("parts", "whole");
        assertThat(files("parts").checkpoints()).containsExactly("step-00000004", "step-00000006");
    }

    @Test
    void aDamagedCheckpointIsPassedOver() throws IOException {
        String[] options = {"train.save_every=2"};
        train("whole", List.of(), options);

        killAfter("parts", 5, options);
        Path damaged = temp.resolve("parts/checkpoints/step-00000004/checkpoint.data");
        byte[] bytes = Files.readAllBytes(damaged);
        bytes[bytes.length / 2] ^= 1;
        Files.write(damaged, bytes);

        train("parts", List.of(), with(options, RESUME));
        assertThat(text(err))
                .startsWith("warning: " + damaged + ": content is damaged")
                .hasLineCount(1);
        assertSameRuns("parts", "whole");
    }

    @Test
    void aRunWithoutCheckpointStartsAnew() {
        train("whole", List.of());

        killAfter("parts", 3);
        assertThat(files("parts").checkpoints()).isEmpty();
        train("parts", List.of(), RESUME);
        assertSameRuns("parts", "whole");

        train("fresh", List.of(), RESUME);
        assertSameRuns("fresh", "whole");
    }

    @Test
    void aFinishedRunIsDeliveredAgain() {
        train("whole", List.of());
        String metrics = files("whole").metricsWithoutTimes();
        SortedMap<String, String> results = files("whole").results();

        assertThat(train("whole", List.of(), RESUME)).isInstanceOf(Outcome.Completed.class);
        assertThat(files("whole").metricsWithoutTimes()).isEqualTo(metrics);
        assertThat(files("whole").results()).isEqualTo(results);
    }

    @Test
    void aRunOfRandomWeightsGoesOn() {
        String[] options = {"model.init=random"};
        train("whole", List.of(), options);
        stopAfter("parts", 4, options);
        train("parts", List.of(), with(options, RESUME));
        assertSameRuns("parts", "whole");
    }

    @ParameterizedTest
    @CsvSource({"false, norm", "true, lm_head"})
    void aRunOfAdaptersGoesOn(boolean dora, String whole) {
        String[] options = {
            "model.path=src/test/resources/golden/tiny-llama_gqa_untied",
            "model.lora.rank=4",
            "model.lora.dora=" + dora,
            "model.lora.modules_to_save=" + whole,
            "data.eval=src/test/resources/job/held-out.jsonl",
            "train.eval_every=2"
        };
        train("whole", List.of(), options);
        stopAfter("parts", 3, options);
        train("parts", List.of(), with(options, RESUME));
        assertSameRuns("parts", "whole");
        assertThat(text(err)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "head.name=bce|head.name = lsif, now bce",
                "head.reduction=mean|head.reduction = SUM, now MEAN",
                "head.weight=2|head.weight = 1.0, now 2.0",
                "head.beta=0.5|head.beta = 1.0, now 0.5",
                "train.seed=1|train.seed = 42, now 1",
                "model.lora.rank=2|model.lora.rank = (absent), now 2",
                "train.epochs=3|steps = 6, now 9",
                "train.learning_rate=1e-3|train.learning_rate = 1.0E-4, now 0.001",
                "train.batch_pairs=3|train.batch_pairs = 4, now 3",
                "train.adam_beta2=0.95|train.adam_beta2 = 0.999, now 0.95",
                "train.optimizer=lion|train.lion.beta1 = (absent), now 0.9; train.lion.beta2 = (absent), now 0.99;"
                        + " train.optimizer = adamw, now lion",
                "train.no_decay=[norms_and_biases]|train.no_decay = [], now [norms_and_biases]",
                "train.max_grad_norm=none|train.max_grad_norm = 1.0, now none",
                "train.micro_batch_tokens=64|train.micro_batch_tokens = 4096, now 64",
                "data.train=src/test/resources/job/held-out.jsonl|data.train = ",
                "model.path=src/test/resources/golden/tiny-llama_gqa_untied|model.path = ",
                "reference.path=src/test/resources/golden/tiny-llama_gqa_untied|reference.path = initial_policy, now src",
            })
    void anotherRunIsNotResumed(String override, String difference) {
        stopAfter("out", 1);
        String before = files("out").metricsWithoutTimes();

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> train("out", List.of(), RESUME, override))
                .withMessageStartingWith("train.resume: the run in " + temp.resolve("out") + " was started with ")
                .withMessageContaining(difference);
        assertThat(files("out").metricsWithoutTimes()).isEqualTo(before);
        assertThat(files("out").checkpoints()).containsExactly("step-00000001");
    }

    @Test
    void whatDoesNotChangeTheNumbersMayChange() {
        train("whole", List.of());
        stopAfter("parts", 2);
        train(
                "parts",
                List.of(),
                RESUME,
                "train.log_every=2",
                "train.save_every=1",
                "train.keep_checkpoints=1",
                "reference.cache=" + temp.resolve("another-cache"));
        assertSameRuns("parts", "whole");
    }

    private void assertSameRuns(String actual, String expected) {
        assertThat(files(actual).metricsWithoutTimes())
                .isEqualTo(files(expected).metricsWithoutTimes());
        assertThat(files(actual).results()).isEqualTo(files(expected).results()).hasSizeGreaterThan(6);
    }

    private Outcome stopAfter(String output, long step, String... overrides) {
        StopSignal stop = new StopSignal();
        return train(output, stop, List.of(after(step, () -> stop.request(StopSignal.Cause.SIGTERM))), overrides);
    }

    /** Ends the run as a crash would: nothing is written any more. */
    private void killAfter(String output, long step, String... overrides) {
        TrainingListener killing = after(step, () -> {
            throw new IllegalStateException("killed");
        });
        assertThatIllegalStateException()
                .isThrownBy(() -> train(output, List.of(killing), overrides))
                .withMessage("killed");
    }

    private static TrainingListener after(long step, Runnable action) {
        return new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
                if (report.step() == step) {
                    action.run();
                }
            }
        };
    }

    private Outcome train(String output, List<TrainingListener> listeners, String... overrides) {
        return train(output, new StopSignal(), listeners, overrides);
    }

    private Outcome train(String output, StopSignal stop, List<TrainingListener> listeners, String... overrides) {
        Config config = ConfigLoader.load(RunFiles.TINY, List.of(with(overrides, "output=" + temp.resolve(output))));
        JobOutput streams = new JobOutput(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                ProgressLine.Style.PLAIN);
        return TrainJob.run(config, streams, stop, listeners);
    }

    private static String[] with(String[] options, String more) {
        List<String> all = new ArrayList<>(List.of(options));
        all.add(more);
        return all.toArray(String[]::new);
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }

    private RunFiles files(String output) {
        return new RunFiles(temp.resolve(output));
    }
}
