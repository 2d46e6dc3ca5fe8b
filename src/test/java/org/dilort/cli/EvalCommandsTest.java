package org.dilort.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvalCommandsTest {
    @TempDir
    private Path folder;

    private CommandLineRun run(String... words) {
        List<Command> commands = List.of(
                new EvalCommand((plan, console) -> print(plan, console)),
                new EvalPairsCommand((plan, console) -> print(plan, console)),
                new EvalPerplexityCommand((plan, console) -> print(plan, console)),
                new EvalMatchCommand((plan, console) -> print(plan, console)),
                new EvalVersusCommand(
                        (plan, console) -> print(plan, console), Map.of("TOKEN", "secret", "EMPTY", " ")));
        return CommandLineRun.of(commands, folder, words);
    }

    private static int print(Object plan, Console console) {
        console.out().print(plan);
        return 0;
    }

    private CommandLineRun versus(String judge, String... more) {
        List<String> words = new ArrayList<>(List.of(
                "eval", "versus", "--model", "m", "--against", "n", "--prompts", "p", "--out", "o", "--judge", judge));
        words.addAll(List.of(more));
        return run(words.toArray(String[]::new));
    }

    private static CommandLineRun refused(String message) {
        return new CommandLineRun(2, "", "dil-ort: " + message + "\n");
    }

    @Test
    void choiceIsTheFormWithoutAName() {
        CommandLineRun named = run("eval", "choice", "--model", "m", "--task", "t", "--out", "o");

        assertThat(run("eval", "--model", "m", "--task", "t", "--out", "o")).isEqualTo(named);
        assertThat(named.out()).startsWith("Plan[model=m, tasks=[t]");
        assertThat(run("eval", "chioce", "--model", "m"))
                .isEqualTo(refused("eval: got chioce, expected one of pairs, perplexity, match, versus or an option"));
    }

    @Test
    void everyFormHasItsOwnHelp() {
        for (String form : List.of("pairs", "perplexity", "match", "versus")) {
            CommandLineRun help = run("help", "eval", form);

            assertThat(help.out()).startsWith("usage: dil-ort eval " + form + " --model DIR ");
            assertThat(run("eval", form, "--help")).isEqualTo(help);
            assertThat(run("eval", form, "-h")).isEqualTo(help);
        }
        assertThat(run("help", "eval", "pairs", "x")).isEqualTo(refused("help: got 3 commands, expected one"));
    }

    @Test
    void pairsHandsOverWhatIsCompared() {
        assertThat(run("eval", "pairs", "--model", "m", "--pairs", "p", "--out", "o")
                        .out())
                .startsWith("Plan[model=m, pairs=[p], reference=None[], subsetKey=, ")
                .endsWith("files=EvalFiles[results=o, answers=[]]]");
        assertThat(run(
                                "eval",
                                "pairs",
                                "--model",
                                "m",
                                "--pairs",
                                "p",
                                "--out",
                                "o",
                                "--reference",
                                "r",
                                "--head",
                                "dpo")
                        .out())
                .contains("reference=Folder[path=r, reward=dpo, beta 0.1, sum over tokens]");
        assertThat(run("eval", "pairs", "--model", "m", "--pairs", "p", "--out", "o", "--beta", "2"))
                .isEqualTo(refused("--beta: expected --reference DIR too"));
        assertThat(run(
                        "eval",
                        "pairs",
                        "--model",
                        "m",
                        "--pairs",
                        "p",
                        "--out",
                        "o",
                        "--reference",
                        "r",
                        "--beta",
                        "x"))
                .isEqualTo(refused("--beta: got \"x\", expected a number > 0"));
        assertThat(run("eval", "pairs", "--model", "m", "--pairs", "p", "--out", "o", "--sections", "s"))
                .isEqualTo(refused("--sections: expected --subset KEY too"));
        assertThat(run("eval", "pairs", "--model", "m", "--out", "o"))
                .isEqualTo(refused("--pairs: missing, expected at least one file"));
    }

    @Test
    void perplexityHandsOverItsWindow() {
        assertThat(run("eval", "perplexity", "--model", "m", "--text", "t", "--out", "o")
                        .out())
                .startsWith("Plan[model=m, texts=[t], field=text, maxLength=0, ");
        assertThat(run("eval", "perplexity", "--model", "m", "--text", "t", "--out", "o", "--max-length", "0"))
                .isEqualTo(refused("--max-length: got 0, expected a whole number >= 1"));
    }

    @Test
    void matchHandsOverGsm8kUnlessToldOtherwise() {
        assertThat(run("eval", "match", "--model", "m", "--questions", "q", "--out", "o")
                        .out())
                .contains(
                        "template=Question: {question}\nAnswer:, delimiter= ,",
                        "pattern=#### (\\-?[0-9\\.\\,]+), take=FIRST",
                        "name=flexible-extract",
                        "maxNewTokens=256",
                        "stops=[Question:, </s>, <|im_end|>]");
        CommandLineRun own = run(
                "eval",
                "match",
                "--model",
                "m",
                "--questions",
                "q",
                "--out",
                "o",
                "--strict",
                "answer (.)",
                "--ignore",
                "x",
                "--until",
                "!",
                "--limit",
                "5",
                "--answers",
                "a");
        assertThat(own.out()).contains("pattern=answer (.)", "ignored=[x]", "stops=[!]", "limit=5", "answers=[a]");
        assertThat(run("eval", "match", "--model", "m", "--questions", "q", "--out", "o", "--strict", "(")
                        .err())
                .startsWith("dil-ort: --strict: got \"(\", expected a regular expression: ");
        assertThat(run("eval", "match", "--model", "m", "--questions", "q", "--out", "o", "--ignore", "[")
                        .err())
                .startsWith("dil-ort: --ignore: got \"[\"");
    }

    @Test
    void whoJudgesIsToldByWhatIsGiven() {
        assertThat(versus("./judge").out()).contains("judge=Program[path=./judge, limit=PT1M]", "seed=0");
        assertThat(versus("http://localhost:1/v1", "--judge-token-env", "TOKEN", "--judge-model", "gpt")
                        .out())
                .contains("judge=Endpoint[gpt at http://localhost:1/v1]")
                .doesNotContain("secret");
        assertThat(versus(folder.toString(), "--judge-reference", "r").out())
                .contains("judge=Model[policy=" + folder + ", reference=r, reward=lsif, beta 1.0, sum over tokens]");
    }

    @Test
    void whatWouldBeIgnoredIsRefused() {
        assertThat(versus("./judge", "--judge-model", "m"))
                .isEqualTo(refused("--judge-model: --judge is not the address of a server: got ./judge"));
        assertThat(versus("./judge", "--judge-reference", "r"))
                .isEqualTo(refused("--judge-reference: --judge is not a model folder: got ./judge"));
        assertThat(versus("http://h/v1", "--beta", "1"))
                .isEqualTo(refused("--beta: --judge is not a model folder: got http://h/v1"));
    }

    @Test
    void judgesThatCannotBeAreRefused() {
        assertThat(versus(folder.toString()).err()).contains("expected --judge-reference DIR too");
        assertThat(versus("http://")).extracting(CommandLineRun::exitCode).isEqualTo(2);
        assertThat(versus("http://a b")).extracting(CommandLineRun::exitCode).isEqualTo(2);
        for (String name : List.of("EMPTY", "ABSENT")) {
            assertThat(versus("http://h/v1", "--judge-token-env", name))
                    .isEqualTo(refused("--judge-token-env: the environment has no " + name));
        }
        assertThat(versus("./judge", "--judge-seconds", "0").exitCode()).isEqualTo(2);
    }
}
