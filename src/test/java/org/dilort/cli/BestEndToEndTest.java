package org.dilort.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dilort.job.RunFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are judged by an evaluation. LSIF lowers rejected responses, so their log-probability is highest at the first one. */
class BestEndToEndTest {
    private static final String[] EVALUATING = {
        "data.eval=src/test/resources/job/held-out.jsonl", "train.eval_every=1", "train.keep_checkpoints=1"
    };

    @TempDir
    private Path temp;

    private Path output;

    private CommandLineRun train(String name, String best, String... more) {
        output = temp.resolve(name);
        List<String> overrides = new ArrayList<>(Arrays.asList(EVALUATING));
        overrides.add("eval.best=" + best);
        overrides.addAll(Arrays.asList(more));
        return EndToEndRun.train(output, overrides.toArray(String[]::new));
    }

    private JsonNode after() throws IOException {
        return new ObjectMapper()
                .readTree(output.resolve("summary.json").toFile())
                .get("after");
    }

    private double evaluated(int step, String metric) {
        return new RunFiles(output)
                .evaluations()
                .get(step - 1)
                .get("eval_" + metric)
                .asDouble();
    }

    @Test
    void endsEarlyAndDeliversTheBest() throws IOException {
        CommandLineRun run = train("run", "{metric: logps/rejected, patience: 2}");
        EndToEndRun.assertSucceeded(run);
        assertThat(run.out())
                .contains("ended early after step 3 of 6: eval_logps/rejected did not improve in 2 evaluations")
                .contains("delivering the checkpoint of step 1, which has the best eval_logps/rejected");
        RunFiles files = new RunFiles(output);
        assertThat(files.stepNumbers()).containsExactly(1L, 2L, 3L);
        assertThat(files.checkpoints()).containsExactly("step-00000001", "step-00000003");
        assertThat(after().get("logps/rejected").asDouble()).isEqualTo(evaluated(1, "logps/rejected"));
        assertThat(evaluated(3, "logps/rejected")).isLessThan(evaluated(1, "logps/rejected"));

        String delivered = files.results().get("hf/model.safetensors");
        CommandLineRun resumed = train("run", "{metric: logps/rejected, patience: 2}", "train.resume=true");
        EndToEndRun.assertSucceeded(resumed);
        assertThat(files.stepNumbers()).hasSize(3);
        assertThat(files.results().get("hf/model.safetensors")).isEqualTo(delivered);
    }

    @Test
    void mayDeliverTheLastAllTheSame() throws IOException {
        CommandLineRun run = train("run", "{metric: logps/rejected, deliver: last}");
        EndToEndRun.assertSucceeded(run);
        assertThat(run.out()).doesNotContain("ended early", "delivering the checkpoint");
        assertThat(new RunFiles(output).checkpoints()).containsExactly("step-00000001", "step-00000006");
        assertThat(after().get("logps/rejected").asDouble()).isEqualTo(evaluated(6, "logps/rejected"));
    }

    /** To judge a run changes nothing in its steps. */
    @Test
    void judgingLeavesTheStepsAlone() {
        EndToEndRun.assertSucceeded(train("judged", "{metric: margin, deliver: last}"));
        List<Double> judged = new RunFiles(output).losses();
        EndToEndRun.assertSucceeded(train("plain", "none"));
        assertThat(new RunFiles(output).losses()).isEqualTo(judged);
    }

    @Test
    void saysWhichMetricsThereAre() {
        CommandLineRun unknown = train("run", "{metric: accurracy}");
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err())
                .startsWith("dil-ort: eval.best.metric: got \"accurracy\", expected one of accuracy, head/saturated,");
        CommandLineRun answers = train("answers", "{metric: answers/right}");
        assertThat(answers.exitCode()).isEqualTo(2);
        assertThat(answers.err()).contains("answers/right needs eval.generate.every_evaluation");
    }

    @Test
    void needsEvaluationsToGoBy() {
        CommandLineRun run = train("run", "{metric: accuracy}", "train.eval_every=none");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("dil-ort: eval.best: got a mapping, expected none without data.eval and train.eval_every");
    }
}
