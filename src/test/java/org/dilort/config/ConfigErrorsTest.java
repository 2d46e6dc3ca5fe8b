package org.dilort.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.dilort.error.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigErrorsTest {
    /** Three lines, so that what follows begins on line 4. */
    private static final String SMALLEST = """
            model: {path: models/small}
            data: {train: data/a.jsonl, eval: data/b.jsonl}
            output: runs/a
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "train.batch_pairs|many|\"many\"|a whole number >= 1",
                "train.batch_pairs|0|0|a whole number >= 1",
                "train.batch_pairs|-5|-5|a whole number >= 1",
                "train.batch_pairs|1.5|1.5|a whole number >= 1",
                "train.batch_pairs|true|\"true\"|a whole number >= 1",
                "train.batch_pairs|{a: 1}|a mapping|a whole number >= 1",
                "train.batch_pairs|[1]|a list|a whole number >= 1",
                "train.batch_pairs|[]|an empty list|a whole number >= 1",
                "train.batch_pairs|null|nothing|a whole number >= 1",
                "train.batch_pairs|99999999999|99999999999|a whole number up to 2147483647",
                "train.micro_batch_tokens|0|0|a whole number >= 1",
                "train.row_tokens|0|0|a whole number >= 1",
                "train.threads|0|0|a whole number >= 1, or all",
                "train.threads|some|\"some\"|a whole number >= 1, or all",
                "train.epochs|0.5|0.5|a whole number >= 1",
                "train.max_steps|0|0|a whole number >= 1, or none",
                "train.max_steps|null|nothing|a whole number >= 1, or none",
                "train.learning_rate|0|0|a number > 0",
                "train.learning_rate|-1e-6|-1e-6|a number > 0",
                "train.learning_rate|NaN|\"NaN\"|a number > 0",
                "train.learning_rate|1e999|1e999|a number > 0",
                "train.learning_rate|1f|\"1f\"|a number > 0",
                "train.scheduler|cosin|\"cosin\"|one of constant, linear, cosine",
                "train.scheduler|null|nothing|one of constant, linear, cosine",
                "train.warmup_ratio|1.5|1.5|a number from 0 to 1",
                "train.weight_decay|-0.1|-0.1|a number >= 0",
                "train.adam_beta1|1|1|a number >= 0 and < 1",
                "train.adam_beta2|-0.1|-0.1|a number >= 0 and < 1",
                "train.adam_epsilon|0|0|a number > 0",
                "train.max_grad_norm|0|0|a number > 0, or none",
                "train.max_grad_norm|auto|\"auto\"|a number > 0, or none",
                "train.optimizer|adam|\"adam\"|one of adamw, sgd, lion, adafactor",
                "train.sgd.momentum|1|1|a number >= 0 and < 1",
                "train.sgd.momentum|fast|\"fast\"|a number >= 0 and < 1",
                "train.lion.beta2|-0.1|-0.1|a number >= 0 and < 1",
                "train.adafactor.decay_rate|-0.8|-0.8|a number > 0 and <= 1",
                "train.adafactor.epsilon|1e-40|1e-40|a number >= 1e-37 and < 1",
                "train.adafactor.clip_threshold|0|0|a number > 0",
                "train.seed|-1|-1|a whole number >= 0",
                "train.seed|9223372036854775808|9223372036854775808|a whole number up to 9223372036854775807",
                "train.shuffle|yes|\"yes\"|true or false",
                "train.shuffle|1|1|true or false",
                "train.eval_every|0|0|a whole number of steps >= 1, or none",
                "train.resume|[true]|a list|true or false",
                "data.max_length|0|0|a whole number >= 1",
                "data.max_prompt_length|some|\"some\"|a whole number >= 1, or none",
                "data.truncation|left|\"left\"|one of prompt_left, keep_start, keep_end, drop, fail",
                "data.preset|hf|\"hf\"|one of default, trl, dil-authors",
                "data.eval_split|1|1|a number > 0 and < 1, or none",
                "data.eval_split|0.5|0.5|none beside data.eval",
                "data.ranked_pairs|best|\"best\"|one of all, best_worst",
                "data.train|[]|an empty list|a file or folder, or a list of them",
                "data.chat_template|{}|an empty mapping|auto, none, or the path of a template file",
                "model.init|zero|\"zero\"|one of pretrained, random",
                "model.compute|int8|\"int8\"|one of auto, float32, bfloat16, float16",
                "model.path|[a, b]|a list|a path",
                "reference.path|[]|an empty list|initial_policy, or the folder of a model",
                "reference.cache|null|nothing|a path",
                "reference.micro_batch_tokens|0|0|a whole number >= 1",
                "data.cache|[]|an empty list|none, or a folder",
                "head.beta|0|0|a number > 0, or auto",
                "head.beta|none|\"none\"|a number > 0, or auto",
                "head.exp_cap|-1|-1|a number > 0, or none, or auto",
                "head.exp_cap|null|nothing|a number > 0, or none, or auto",
                "head.weight|0|0|a number > 0",
                "head.name|[dpo]|a list|a text",
                "head.reduction|max|\"max\"|one of auto, sum, mean",
                "head.variant|triple|\"triple\"|one of auto, pointwise, pairwise, mixture, relative",
                "head.gamma|1e999|1e999|a number",
                "head.gamma|one|\"one\"|a number: a coefficient of the head",
                "head.gamma|null|nothing|a number: a coefficient of the head",
                "head.coefficients|{a: 1}|a mapping|a number: a coefficient of the head",
                "head|[]|an empty list|a mapping or a list of mappings",
                "head|dpo|\"dpo\"|a mapping of keys",
                "train|5|5|a mapping of keys",
                "eval|[a]|a list|a mapping of keys",
                "model.lora.rank|0.5|0.5|a whole number >= 1",
                "model.lora|{rank: 0, alpha: 3}|0|a whole number >= 1",
                "device|gpu|\"gpu\"|one of auto, cpu, cuda",
                "output|{a: b}|a mapping|a path",
            })
    void namesKeyValueExpectationAndPlace(String key, String value, String got, String expected) {
        String shown = key.equals("model.lora") ? "model.lora.rank" : key;
        String message = "%s: got %s, expected %s (%s)";
        assertThatThrownBy(() -> load(SMALLEST, key + "=" + value))
                .isInstanceOf(ConfigException.class)
                .hasMessage(message.formatted(shown, got, expected, "--set " + key + "=" + value));
        if (key.matches("train\\.[a-z_0-9]+")) {
            assertThatThrownBy(() -> load(SMALLEST + "train:\n  " + key.substring(6) + ": " + value))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage(message.formatted(shown, got, expected, "x.yaml line 5"));
        }
    }

    @Test
    void nesterovNeedsAMomentum() {
        assertThatThrownBy(() -> load(SMALLEST + "train: {sgd: {momentum: 0, nesterov: true}}"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("train.sgd.nesterov: got \"true\", expected false where the momentum is 0 (x.yaml line 4)");
    }

    @Test
    void anOlderNameBesideTheNewOneIsRefused() {
        assertThatThrownBy(() -> load(SMALLEST + "train:\n  optimizer: lion", "train.update=adamw"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("train.update: an older name of train.optimizer, which is given too; expected one of them"
                        + " (--set train.update=adamw)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "train: {lion: {beta3: 1}}|train.lion.beta3|did you mean train.lion.beta1?",
                "train: {optimiser: lion}|train.optimiser|did you mean train.optimizer?",
                "train: {lerning_rate: 1}|train.lerning_rate|did you mean train.learning_rate?",
                "train: {batchpairs: 1}|train.batchpairs|did you mean train.batch_pairs?",
                "train: {device: cpu}|train.device|did you mean device?",
                "max_length: 5|max_length|did you mean data.max_length?",
                "trian: {seed: 1}|trian|did you mean train?",
                "heads: {name: dpo}|heads|did you mean head?",
                "head: {reducton: mean}|head.reducton|did you mean head.reduction?",
                "head: [{name: dpo}, {nam: dpo}]|head.1.nam|did you mean head.1.name?",
                "eval: {generate: {pattern: a}}|eval.generate.pattern|known here: max_new_tokens, answer_pattern, examples, every_evaluation",
                "reference: {zzz: 1}|reference.zzz|known here: path, cache, micro_batch_tokens",
            })
    void namesTheNearestRightKey(String line, String key, String hint) {
        assertThatThrownBy(() -> load(SMALLEST + line))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("unknown key " + key + " (x.yaml line 4); " + hint);
    }

    @Test
    void namesAnUnknownKeyBeforeAnythingElse() {
        assertThatThrownBy(() -> load("model: {pth: x}\ntrain: {seed: many}"))
                .hasMessage("unknown key model.pth (x.yaml line 1); did you mean model.path?");
        assertThatThrownBy(() -> load(SMALLEST, "train.lerning_rate=1"))
                .hasMessage(
                        "unknown key train.lerning_rate (--set train.lerning_rate=1); did you mean train.learning_rate?");
    }

    @Test
    void refusesABestThatCannotBe() {
        String[] evaluating = {"data.eval=e.jsonl", "train.eval_every=5"};
        for (String wrong : List.of(
                "eval.best={metric: eval_loss}|eval.best.metric: got \"eval_loss\", expected a name without eval_",
                "eval.best={metric: loss, goal: best}|eval.best.goal: got \"best\", expected one of",
                "eval.best={metric: loss, min_delta: -1}|eval.best.min_delta: got -1, expected a number >= 0",
                "eval.best={metric: loss, patience: 0}|eval.best.patience: got 0, expected",
                "eval.best={metric: loss, deliver: first}|eval.best.deliver: got \"first\", expected one of")) {
            String[] parts = wrong.split("\\|");
            assertThatThrownBy(() -> load(SMALLEST, evaluating[0], evaluating[1], parts[0]))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith(parts[1]);
        }
    }

    @Test
    void namesMissingKeys() {
        assertThatThrownBy(() -> load("output: o\ndata: {train: t}"))
                .hasMessage("model.path: missing, expected the folder of a Hugging Face model (x.yaml)");
        assertThatThrownBy(() -> load("output: o\nmodel: {path: t}\ndata:\n"))
                .hasMessage(
                        "data.train: missing, expected a preference file or folder, or a list of them (x.yaml line 3)");
        assertThatThrownBy(() -> load("model: {path: t}\ndata: {train: t}"))
                .hasMessage("output: missing, expected the folder of the results (x.yaml)");
        assertThatThrownBy(() -> load(SMALLEST + "eval:\n  generate: {}"))
                .hasMessage("eval.generate.answer_pattern: missing, expected a regular expression with a group"
                        + " (x.yaml line 5)");
        assertThatThrownBy(() -> load(SMALLEST, "eval.best.patience=3"))
                .hasMessage("eval.best.metric: missing, expected the name of a metric, such as accuracy or loss"
                        + " (--set eval.best.patience=3)");
        assertThatThrownBy(() -> load(SMALLEST, "model.lora.alpha=3"))
                .hasMessage("model.lora.rank: missing, expected a whole number >= 1, or model.lora.adapter"
                        + " (--set model.lora.alpha=3)");
        assertThatThrownBy(() -> load(SMALLEST, "output="))
                .hasMessage("output: got nothing, expected a path (--set output=)");
    }

    @Test
    void refusesWhatAdaptersCannotHave() {
        assertThatThrownBy(() -> load(SMALLEST, "model.lora={rank: 8, dropout: 0.05}"))
                .hasMessage("model.lora.dropout: got 0.05, expected 0; dropout would make the policy's"
                        + " log-probabilities random (--set model.lora={rank: 8, dropout: 0.05})");
        assertThatThrownBy(() -> load(SMALLEST, "model.lora={adapter: runs/a/adapter, dora: true}"))
                .hasMessage("model.lora.adapter: got \"runs/a/adapter\", expected new, or none of the keys that it"
                        + " brings: rank, alpha, targets, rslora, dora, modules_to_save"
                        + " (--set model.lora={adapter: runs/a/adapter, dora: true})");
    }

    @Test
    void refusesAPatternWithoutAGroup() {
        assertThatThrownBy(() -> load(SMALLEST, "eval.generate.answer_pattern=answer"))
                .hasMessage(
                        "eval.generate.answer_pattern: got \"answer\", expected a regular expression with at least one"
                                + " group (--set eval.generate.answer_pattern=answer)");
        assertThatThrownBy(() -> load(SMALLEST, "eval.generate.answer_pattern=a(b"))
                .hasMessageContaining("with at least one group (Unclosed group at 3)");
        assertThatThrownBy(() -> load(SMALLEST, "eval.generate={answer_pattern: '', max_new_tokens: 9}"))
                .hasMessageStartingWith("eval.generate.answer_pattern: got \"\", expected");
    }

    @Test
    void refusesAnEvaluationWithoutData() {
        assertThatThrownBy(() -> load(SMALLEST, "data.eval=[]", "train.eval_every=5"))
                .hasMessage("train.eval_every: got 5, expected none without data.eval (--set train.eval_every=5)");
        assertThatThrownBy(() -> load(SMALLEST, "data.eval=[]", "eval.generate.answer_pattern=(a)"))
                .hasMessageStartingWith("eval.generate: got a mapping, expected none without data.eval");
    }

    @Test
    void namesAKeyOfASource() {
        String start = "model: {path: m}\noutput: o\ndata:\n  train:\n  - a\n  - ";
        assertThatThrownBy(() -> load(start + "{path: b, wieght: 2}"))
                .hasMessage("unknown key data.train.1.wieght (x.yaml line 6); did you mean data.train.1.weight?");
        assertThatThrownBy(() -> load(start + "{path: b, weight: 0}"))
                .hasMessage("data.train.1.weight: got 0, expected a number > 0 and at most 1000 (x.yaml line 6)");
        assertThatThrownBy(() -> load(start + "{weight: 2}"))
                .hasMessage("data.train.1.path: missing, expected a file, a folder or a pattern (x.yaml line 6)");
        assertThatThrownBy(() -> load(start + "{path: [b]}"))
                .hasMessage("data.train.1.path: got a list, expected a path (x.yaml line 6)");
    }

    @Test
    void namesAnEntryOfAList() {
        assertThatThrownBy(() -> load("model: {path: m}\noutput: o\ndata:\n  train:\n  - a\n  -\n"))
                .hasMessage(
                        "data.train.1: got nothing, expected a path, or a mapping of path, weight and limit (x.yaml line 6)");
        assertThatThrownBy(() -> load(SMALLEST + "head:\n- name: dpo\n- name: sft\n  beta: x\n"))
                .hasMessage("head.1.beta: got \"x\", expected a number > 0, or auto (x.yaml line 7)");
        assertThatThrownBy(() -> load(SMALLEST + "train:\n  no_decay: [a,\n    '']"))
                .hasMessage("train.no_decay.1: got \"\", expected a text that is not empty (x.yaml line 6)");
        assertThatThrownBy(() -> load(SMALLEST + "head:\n- name: dpo\n- sft\n"))
                .hasMessage("head.1: got \"sft\", expected a mapping of keys (x.yaml line 6)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "seed|--set seed: expected key=value, such as train.seed=1",
                "=5|--set =5: expected key=value, such as train.seed=1",
                "train..seed=5|--set train..seed=5: expected key=value, such as train.seed=1",
                "output.x=5|key output is a single value, not a section (--set output.x=5)",
                "data.train.0=a|key data.train is a single value, not a section (--set data.train.0=a)",
                "head.1.beta=3|key head.1 does not exist: expected an index of a list, 0 to 0 (--set head.1.beta=3)",
                "data.eval=[a|not valid YAML: while parsing a flow sequence (--set data.eval=[a)",
            })
    void refusesABrokenOverride(String override, String message) {
        assertThatThrownBy(() -> load(SMALLEST, override))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void refusesAnIndexOutsideTheList() {
        assertThatThrownBy(() -> load(SMALLEST + "head: [{name: a}, {name: b}]", "head.2.beta=1"))
                .hasMessage("key head.2 does not exist: expected an index of a list, 0 to 1 (--set head.2.beta=1)");
        assertThatThrownBy(() -> load(SMALLEST + "head: [{name: a}, {name: b}]", "head.beta=1"))
                .hasMessage("key head.beta does not exist: expected an index of a list, 0 to 1 (--set head.beta=1)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "train:\\n  seed: 1\\n  seed: 2|key train.seed is given twice (x.yaml line 6; first: x.yaml line 5)",
                "train: {seed: 1, \"seed\": 2}|key train.seed is given twice (x.yaml line 4; first: x.yaml line 4)",
                "train: &a {seed: 1}\\neval: *a|got alias *a for eval, expected the value itself (x.yaml line 5)",
                "train: {<<: *b}|got alias *b for train.<<, expected the value itself (x.yaml line 4)",
                "device: !!str cpu|got tag !tag:yaml.org,2002:str for device, expected a value without tag (x.yaml line 4)",
                "train.seed: 5|got key \"train.seed\", expected nested keys; dots are for --set (x.yaml line 4)",
                "---\\na: 1|got a second document, expected one document (x.yaml line 5)",
                "train: [|not valid YAML: while parsing a flow node",
                "train: a: b|not valid YAML: mapping values are not allowed here (x.yaml line 4)",
                "\\ttrain: 1|not valid YAML: while scanning for the next token",
                "? [a]\\n: 5|not valid YAML: ",
                "device: \"cpu|not valid YAML: while scanning a quoted scalar",
                "device: @cpu|not valid YAML: while scanning for the next token",
            })
    void refusesBrokenYaml(String lines, String message) {
        assertThatThrownBy(() -> load(SMALLEST + lines.replace("\\n", "\n").replace("\\t", "\t")))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(message)
                .hasMessageContaining("x.yaml line ")
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# nothing\n", "--- \n", "null", "~"})
    void refusesAnEmptyFile(String text) {
        assertThatThrownBy(() -> load(text))
                .isInstanceOf(ConfigException.class)
                .hasMessageMatching("x.yaml: (empty|got nothing), expected a mapping of keys such as model and data");
    }

    @Test
    void refusesAFileThatIsNoMapping() {
        assertThatThrownBy(() -> load("- a\n- b"))
                .hasMessage("x.yaml: got a list, expected a mapping of keys such as model and data");
        assertThatThrownBy(() -> load("just words"))
                .hasMessage("x.yaml: got \"just words\", expected a mapping of keys such as model and data");
    }

    @Test
    void refusesBrokenJson() throws IOException {
        Path file = folder.resolve("x.json");
        Files.writeString(file, "{\"model\": {\"path\": \"m\"},\n \"output\": }");
        assertThatThrownBy(() -> ConfigLoader.load(file, List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("not valid JSON: ")
                .hasMessageEndingWith("(" + file + " line 2)");
        Files.writeString(file, "{\"output\": \"o\"} {}");
        assertThatThrownBy(() -> ConfigLoader.load(file, List.of()))
                .hasMessageStartingWith("got a second document, expected one document");
        Files.writeString(file, "{\"model\":\n{\"pth\": \"m\"}}");
        assertThatThrownBy(() -> ConfigLoader.load(file, List.of()))
                .hasMessage("unknown key model.pth (" + file + " line 2); did you mean model.path?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"yaml", "json"})
    void refusesEndlessNesting(String extension) throws IOException {
        Path file = folder.resolve("x." + extension);
        Files.writeString(file, "[".repeat(100_000));
        assertThatThrownBy(() -> ConfigLoader.load(file, List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("not valid ");
    }

    @Test
    void refusesFilesThatAreNoConfiguration() throws IOException {
        assertThatThrownBy(() -> ConfigLoader.load(folder.resolve("none.yaml"), List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage("config file " + folder.resolve("none.yaml") + " does not exist");
        assertThatThrownBy(() -> ConfigLoader.load(folder.resolve("x.toml"), List.of()))
                .hasMessageEndingWith("x.toml: expected a name that ends in .yaml, .yml or .json");
        Path file = Files.createDirectory(folder.resolve("folder.yaml"));
        assertThatThrownBy(() -> ConfigLoader.load(file, List.of())).hasMessageEndingWith("is a folder");
        Path large = Files.write(folder.resolve("large.yaml"), new byte[(1 << 20) + 1]);
        assertThatThrownBy(() -> ConfigLoader.load(large, List.of())).hasMessageContaining("larger than 1 MiB");
        Path latin = Files.write(folder.resolve("latin.yaml"), "output: \u00e9".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> ConfigLoader.load(latin, List.of())).hasMessageEndingWith("not UTF-8 text");
        Path zeros = Files.write(folder.resolve("zeros.yaml"), new byte[10]);
        assertThatThrownBy(() -> ConfigLoader.load(zeros, List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("zeros.yaml");
    }

    @ParameterizedTest
    @MethodSource("everyKey")
    void refusesAValueOfAnotherKindForEveryKey(String key) {
        boolean list = List.of(
                        "data.train", "data.eval", "train.no_decay", "model.lora.targets", "model.lora.modules_to_save")
                .contains(key);
        List<String> values = new ArrayList<>(List.of("null", "[[x]]"));
        if (!List.of("data.train", "data.eval").contains(key)) {
            values.add("{a: {b: c}}");
        }
        if (!list) {
            values.add("[]");
        }
        for (String value : values) {
            List<String> overrides = List.of(
                    "model.lora.rank=1",
                    "eval.generate.answer_pattern=(a)",
                    "eval.best.metric=accuracy",
                    "train.eval_every=5",
                    "log.mlflow.url=http://h",
                    key + "=" + value);
            Throwable refused = catchThrowable(() -> load(SMALLEST, overrides.toArray(String[]::new)));
            assertThat(refused).as("%s=%s", key, value).isInstanceOf(ConfigException.class);
            assertThat(refused.getMessage())
                    .as("%s=%s", key, value)
                    .startsWith(key)
                    .contains(": got ", ", expected ", "(--set ")
                    .doesNotContain("another kind", "\n");
        }
    }

    static List<String> everyKey() {
        return Schema.allKeys();
    }

    @Test
    void answersAnyDamageWithOneLine() throws IOException {
        String whole = Files.readString(ConfigLoaderTest.resource("full.yaml"));
        for (int seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            StringBuilder text = new StringBuilder(whole);
            for (int edits = random.nextInt(1, 4); edits > 0; edits--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, "\n:{}[],'\"-#&*!|>%@ \t0a\0".charAt(random.nextInt(23)));
                    default -> text.setCharAt(at, (char) random.nextInt(1, 0x180));
                }
            }
            Throwable thrown = catchThrowable(() -> load(text.toString()));
            if (thrown != null) {
                assertThat(thrown).as("seed %d", seed).isInstanceOf(ConfigException.class);
                assertThat(thrown.getMessage()).as("seed %d", seed).doesNotContain("\n", "another kind");
            }
        }
    }

    private static Config load(String yaml, String... overrides) {
        return ConfigLoader.parse("x.yaml", yaml, List.of(overrides));
    }
}
