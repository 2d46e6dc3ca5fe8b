package org.dilort.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dilort.config.ConfigLoader;
import org.dilort.config.ConfigWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {
    private static final String SMALLEST = "model: {path: m}\ndata: {train: t}\noutput: o\n";

    @TempDir
    private Path folder;

    private Path config;

    @BeforeEach
    void writeConfig() throws IOException {
        config = Files.writeString(folder.resolve("a.yaml"), SMALLEST);
    }

    @Test
    void validatePrintsTheResolvedConfiguration() {
        String yaml = ConfigWriter.toYaml(ConfigLoader.parse("a", SMALLEST + "train: {seed: 5}", List.of()));
        assertThat(run(
                        new ValidateCommand((config, console) -> 0),
                        "validate",
                        "--config",
                        config.toString(),
                        "--set",
                        "train.seed=5"))
                .isEqualTo(new CommandLineRun(0, yaml, ""));
    }

    @Test
    void validateNamesAMistake() throws IOException {
        Files.writeString(config, SMALLEST + "train:\n  lerning_rate: 1\n");
        assertThat(run(new ValidateCommand((config, console) -> 0), "validate", "--config", config.toString()))
                .isEqualTo(new CommandLineRun(
                        2,
                        "",
                        "dil-ort: unknown key train.lerning_rate (" + config
                                + " line 5); did you mean train.learning_rate?\n"));
    }

    @Test
    void trainHandsOverTheConfiguration() {
        TrainCommand train = new TrainCommand((given, console) -> {
            console.out().print(given.train().maxSteps());
            return 143;
        });
        assertThat(run(train, "train", "--config", config.toString(), "--set", "train.max_steps=3"))
                .isEqualTo(new CommandLineRun(143, "3", ""));
    }

    @Test
    void trainRefusesWhatWouldBeIgnored() {
        TrainCommand train = new TrainCommand((given, console) -> 0);
        assertThat(run(train, "train", "--config", config.toString(), "--set", "model.compute=float16"))
                .isEqualTo(new CommandLineRun(2, "", "dil-ort: model.compute: float16: not supported yet\n"));
    }

    @Test
    void artifactsHandsOverItsFolder() {
        ArtifactsCommand artifacts = new ArtifactsCommand((given, out, layout, console) -> {
            console.out().print(given.output() + " " + out + " " + layout);
            return 0;
        });
        assertThat(run(artifacts, "artifacts", "--config", config.toString(), "--out", "graphs"))
                .isEqualTo(new CommandLineRun(0, "o graphs OWN", ""));
        assertThat(run(artifacts, "artifacts", "--config", config.toString(), "--out", "graphs", "--stock"))
                .isEqualTo(new CommandLineRun(0, "o graphs STOCK", ""));
    }

    @Test
    void scoreHandsOverItsPaths() {
        ScoreCommand score = new ScoreCommand((request, console) -> {
            console.out().print(request);
            return 0;
        });
        assertThat(run(score, "score", "--model", "m", "--data", "d.jsonl", "--out", "o.jsonl"))
                .isEqualTo(new CommandLineRun(0, "Request[model=m, data=d.jsonl, out=o.jsonl]", ""));
        assertThat(run(score, "score", "--model", "m", "--out", "o.jsonl").err())
                .isEqualTo("dil-ort: score: missing option --data FILE (see dil-ort help score)\n");
    }

    @Test
    void generateHandsOverThePromptAsItIs() {
        GenerateCommand generate = new GenerateCommand((request, console) -> {
            console.out().print(request);
            return 0;
        });
        assertThat(run(generate, "generate", "--model", "m", "--prompt", " \"1 + 1\" = é\n"))
                .isEqualTo(new CommandLineRun(
                        0, "Request[model=m, prompt= \"1 + 1\" = é\n, form=PLAIN, maxNewTokens=128]", ""));
        assertThat(run(generate, "generate", "--model", "m", "--prompt", "a", "--chat")
                        .out())
                .isEqualTo("Request[model=m, prompt=a, form=CHAT, maxNewTokens=128]");
        assertThat(run(generate, "generate", "--model", "m", "--prompt", "", "--max-new-tokens", "3"))
                .isEqualTo(new CommandLineRun(2, "", "dil-ort: --prompt: got an empty text, expected a prompt\n"));
        assertThat(run(generate, "generate", "--model", "m", "--prompt", "a", "--max-new-tokens", "0"))
                .isEqualTo(
                        new CommandLineRun(2, "", "dil-ort: --max-new-tokens: got 0, expected a whole number >= 1\n"));
    }

    @Test
    void exportHandsOverItsFolder() {
        ExportCommand export = new ExportCommand((given, console) -> {
            console.out().print(given);
            return 1;
        });
        assertThat(run(export, "export", "--check", "out/export"))
                .isEqualTo(new CommandLineRun(1, "Check[folder=out/export]", ""));
        assertThat(run(export, "export", "--model", "m", "--variant", "q4,int8,q4", "--measure", "p.jsonl")
                        .out())
                .isEqualTo("Add[folder=m, variants=[Q4, Q8], measured=[p.jsonl]]");
        assertThat(run(export, "export", "--model", "m", "--measure", "p.jsonl").out())
                .isEqualTo("Add[folder=m, variants=[], measured=[p.jsonl]]");
        assertThat(run(export, "export", "--model", "m", "--variant", "q4,fp8"))
                .isEqualTo(new CommandLineRun(2, "", "dil-ort: variant: got \"fp8\", expected fp16, q8 or q4\n"));
        for (String[] wrong : new String[][] {
            {"export"},
            {"export", "--model", "m"},
            {"export", "--variant", "q4"},
            {"export", "--check", "m", "--variant", "q4"}
        }) {
            assertThat(run(export, wrong))
                    .isEqualTo(
                            new CommandLineRun(
                                    2,
                                    "",
                                    "dil-ort: export: expected --check DIR, or --model DIR with --variant LIST or --measure FILE\n"));
        }
        assertThat(run(export, "export", "--check", "a", "b").exitCode()).isEqualTo(2);
        assertThat(run(export, "export", "--check", "").exitCode()).isEqualTo(2);
    }

    private CommandLineRun run(Command command, String... arguments) {
        return CommandLineRun.of(List.of(command), folder, arguments);
    }
}
