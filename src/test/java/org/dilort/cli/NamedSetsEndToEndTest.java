package org.dilort.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dilort.job.RunFiles;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Held-out pairs that have names, held against runs that have only those pairs. */
class NamedSetsEndToEndTest {
    private static final Path PAIRS = Path.of("src/test/resources/job/held-out.jsonl");

    @TempDir
    private Path temp;

    private Path first;
    private Path rest;

    @BeforeEach
    void parts() throws IOException {
        List<String> lines = Files.readAllLines(PAIRS);
        first = Files.write(temp.resolve("first.jsonl"), lines.subList(0, 2));
        rest = Files.write(temp.resolve("rest.jsonl"), lines.subList(2, lines.size()));
    }

    private CommandLineRun train(String name, String eval, String... more) {
        String[] overrides = new String[more.length + 2];
        overrides[0] = "data.eval=" + eval;
        overrides[1] = "train.eval_every=3";
        System.arraycopy(more, 0, overrides, 2, more.length);
        return EndToEndRun.train(temp.resolve(name), overrides);
    }

    private String named() {
        return "[{path: " + first + ", name: short}, " + rest + "]";
    }

    private JsonNode last(String name) {
        List<JsonNode> evaluations = new RunFiles(temp.resolve(name)).evaluations();
        return evaluations.get(evaluations.size() - 1);
    }

    /** Rows are packed otherwise where sets are apart, so sums differ in their last digits. */
    @Test
    void eachIsMeasuredAsIfItWereAlone() {
        CommandLineRun run = train("named", named());
        EndToEndRun.assertSucceeded(run);
        EndToEndRun.assertSucceeded(train("whole", PAIRS.toString()));
        EndToEndRun.assertSucceeded(train("first", first.toString()));

        JsonNode measured = last("named");
        for (String metric : List.of("loss", "logps/chosen", "rewards/margins", "accuracy", "margin")) {
            assertThat(measured.get("eval_short_" + metric).asDouble())
                    .as(metric)
                    .isCloseTo(last("first").get("eval_" + metric).asDouble(), within(1e-4));
            assertThat(measured.get("eval_" + metric).asDouble())
                    .as(metric)
                    .isCloseTo(last("whole").get("eval_" + metric).asDouble(), within(1e-4));
        }
        assertThat(last("whole").properties()).noneMatch(field -> field.getKey().contains("short"));
        assertThat(run.out()).containsPattern("\nshort: margin +-?[0-9.]+ +-?[0-9.]+\n");
        assertThat(run.out()).contains("\nevaluation at step 3, short  accuracy ");
    }

    @Test
    void theReportDrawsEachAndARunMayBeJudgedByOne() throws IOException {
        EndToEndRun.assertSucceeded(train("run", named(), "eval.best={metric: short_loss}"));

        assertThat(Files.readString(temp.resolve("run/report.html")))
                .contains("By name: margin, nats: short from ", "short: preference accuracy");
        assertThat(Files.readString(temp.resolve("run/export/README.md")))
                .contains("license: other\n", "\n## Training\n\n- data.train: ", "| held-out pairs | before | after |")
                .contains("\n![Curves of training](training.svg)\n", "\nhead.name: lsif\n")
                .doesNotContain(temp.resolve("run").toString());
        assertThat(Files.readString(temp.resolve("run/export/training.svg"))).contains("preference accuracy", "</svg>");
        CommandLineRun refused = train("other", named(), "eval.best={metric: long_loss}");
        assertThat(refused.exitCode()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(refused.err()).startsWith("dil-ort: eval.best.metric: got \"long_loss\", expected one of ");
    }

    @Test
    void namesArePlainWords() {
        for (String name : List.of("a/b", "' '", "-a", "\"a\\nb\"")) {
            CommandLineRun refused = train("run", "{path: " + first + ", name: " + name + "}");
            assertThat(refused.exitCode()).isEqualTo(ExitCode.WRONG_INPUT);
            assertThat(refused.err())
                    .startsWith("dil-ort: data.eval.name: got ")
                    .hasLineCount(1);
        }
        CommandLineRun misspelt = train("run", "{path: " + first + ", nam: a}");
        assertThat(misspelt.err()).contains("did you mean data.eval.name?");
        CommandLineRun missing = train("run", "{name: a}");
        assertThat(missing.err())
                .startsWith("dil-ort: data.eval.path: missing, expected a file, a folder or a pattern");
    }
}
