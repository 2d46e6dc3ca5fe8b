package org.dilort.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dilort.job.RunFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configurations that ask for what there is not, and output folders that cannot be used. */
class BrokenConfigEndToEndTest extends RefusedEndToEndRun {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "train.lerning_rate=1|unknown key train.lerning_rate (--set train.lerning_rate=1); did you mean"
                        + " train.learning_rate?",
                "trian.seed=1|unknown key trian (--set trian.seed=1); did you mean train?",
                "train.batch_pairs=many|train.batch_pairs: got \"many\", expected a whole number >= 1 (--set"
                        + " train.batch_pairs=many)",
                "data.max_length=0|data.max_length: got 0, expected a whole number >= 1 (--set data.max_length=0)",
                "data.max_length=1|data.max_length: got 1, expected at least 2",
                "train.eval_every=2|train.eval_every: got 2, expected none without data.eval (--set"
                        + " train.eval_every=2)",
                "train.no_decay=[(]|train.no_decay: got \"(\", expected a regular expression (Unclosed group at 1)",
                "train.no_decay=[norms_and_bias]|train.no_decay: got \"norms_and_bias\", which is found in none of the 20"
                        + " parameters' names, such as model.embed_tokens.weight; did you mean norms_and_biases?",
                "train.optimizer=adam|train.optimizer: got \"adam\", expected one of adamw, sgd, lion, adafactor (--set"
                        + " train.optimizer=adam)",
                "model.compute=float16|model.compute: float16: not supported yet",
                "data.chat_template=own.jinja|data.chat_template: got own.jinja, expected auto, none or the"
                        + " path of a template file that exists",
                "head.beta=1e9|head.beta: got 1.0E9, expected 1.0E-6 to 1000000.0 (head lsif)",
                "head.exp_cap=0.5|head.exp_cap: got 0.5, expected 1.0 to Infinity (head lsif)",
                "head.beta=-1|head.beta: got -1, expected a number > 0, or auto (--set head.beta=-1)",
                "reference.path=no-model|no-model/config.json: no such file, expected a Hugging Face model folder with"
                        + " config.json",
            })
    void configurationOfWrongValues(String override, String message) {
        assertRefused(message, override);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "head.name=lsfi|head.name: got \"lsfi\"; did you mean lsif?",
                "head.bta=1|head.bta: head lsif has no such coefficient, expected [beta, exp_cap",
                "head=[{name: sft, reduction: mean}]|head.reduction: got mean, which head sft does not have",
            })
    void headOfWrongValues(String override, String message) {
        assertThat(refusal(override)).startsWith(message);
    }

    @Test
    void generationWithoutHeldOutPairs() {
        assertRefused(
                "eval.generate: got a mapping, expected none without data.eval (--set eval.generate.answer_pattern=(x))",
                "eval.generate.answer_pattern=(x)");
    }

    @Test
    void configurationFileWithAMisspeltKey() throws IOException {
        Path file = Files.writeString(
                temp.resolve("wrong.yaml"),
                Files.readString(RunFiles.TINY).replace("train: {batch_pairs", "train: {batch_pair"));
        CommandLineRun run = EndToEndRun.of(List.of("train", "--config", file.toString()));

        assertThat(run)
                .isEqualTo(new CommandLineRun(
                        2,
                        "",
                        "dil-ort: unknown key train.batch_pair (" + file + " line 4); did you mean"
                                + " train.batch_pairs?\n"));
    }

    /** Refused before anything is written. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "train.optimizer=lion|train.optimizer: got lion with --stock, expected adamw",
                "train.no_decay=[norms_and_biases]|train.no_decay: got [norms_and_biases], expected none with --stock",
                "head.name=aot|head.name: got \"aot\" with --stock, expected a head whose pairs are independent",
            })
    void artifactsThatTheStandardLayoutCannotHold(String override, String message) {
        Path folder = temp.resolve("graphs");
        CommandLineRun run = EndToEndRun.of(List.of(
                "artifacts",
                "--config",
                RunFiles.TINY.toString(),
                "--stock",
                "--out",
                folder.toString(),
                "--set",
                override));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("dil-ort: " + message).hasLineCount(1);
        assertThat(folder).doesNotExist();
    }

    @Test
    void referenceCacheThatIsAFile() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "mine");
        assertThat(refusal("reference.cache=" + file))
                .startsWith("reference.cache: " + file)
                .contains("not usable");
        assertThat(file).hasContent("mine");
    }

    @Test
    void outputThatIsAFile() throws IOException {
        Path file = Files.writeString(temp.resolve("out"), "mine");
        assertRefused("output: " + file + " is a file, expected a folder");
        assertThat(file).hasContent("mine");
    }

    @Test
    void outputThatCannotBeMade() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "mine");
        Path output = file.resolve("out");
        CommandLineRun run = EndToEndRun.train(output);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("dil-ort: output: " + output + " cannot be made: ")
                .hasLineCount(1);
    }

    @Test
    void outputOfAnotherRun() {
        Path output = temp.resolve("out");
        assertThat(EndToEndRun.train(output, "train.max_steps=1").exitCode()).isZero();
        String metrics = new RunFiles(output).metricsWithoutTimes();

        CommandLineRun run = EndToEndRun.train(output, "train.max_steps=1");

        assertThat(run)
                .isEqualTo(
                        new CommandLineRun(
                                2,
                                "",
                                "dil-ort: output: " + output
                                        + " holds another run (config.yaml, metrics.jsonl, remarks.jsonl, summary.json,"
                                        + " report.html, artifacts, checkpoints, hf, export),"
                                        + " expected an empty or new folder; to go on with that run set train.resume = true\n"));
        assertThat(new RunFiles(output).metricsWithoutTimes()).isEqualTo(metrics);
    }

    @Test
    void resumeWithAnotherHead() {
        Path output = temp.resolve("out");
        assertThat(EndToEndRun.train(output, "train.max_steps=1").exitCode()).isZero();

        CommandLineRun run =
                EndToEndRun.train(output, "train.max_steps=1", "train.resume=true", "head.name=ukl", "train.seed=1");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo("dil-ort: train.resume: the run in " + output
                        + " was started with head.name = lsif, now ukl; train.seed = 42, now 1; expected the same"
                        + " values, or another output\n");
    }

    @Test
    void theCorrectedRunGoesThrough() {
        Path output = temp.resolve("out");
        assertThat(EndToEndRun.train(output, "reference.path=no-model").exitCode())
                .isEqualTo(2);
        CommandLineRun corrected = EndToEndRun.train(output, "train.max_steps=1");
        assertThat(corrected.err()).isEmpty();
        assertThat(corrected.exitCode()).isZero();
    }
}
