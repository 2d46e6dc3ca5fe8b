package org.dilort.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.dilort.error.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigSchemaTest {
    private static final Path KEPT = Path.of("configs/dil-ort.schema.json");
    private static final Path REFERENCE = Path.of("docs/configuration.md");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final String SMALLEST = "model: {path: m}\ndata: {train: t}\noutput: o\n";

    private static final JsonSchema SCHEMA =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(ConfigSchema.text());

    private static List<String> faults(JsonNode config) {
        return SCHEMA.validate(config).stream().map(Object::toString).toList();
    }

    /** A reader of YAML 1.1 leaves 5e-7 a text; editors read YAML 1.2, where it is a number. */
    private static JsonNode read(String yaml) throws IOException {
        JsonNode root = YAML.readTree(yaml);
        convert(root);
        return root;
    }

    private static void convert(JsonNode node) {
        if (node instanceof ObjectNode mapping) {
            mapping.properties().forEach(entry -> {
                if (isExponent(entry.getValue())) {
                    entry.setValue(DoubleNode.valueOf(
                            Double.parseDouble(entry.getValue().asText())));
                } else {
                    convert(entry.getValue());
                }
            });
        } else if (node instanceof ArrayNode list) {
            list.forEach(ConfigSchemaTest::convert);
        }
    }

    private static boolean isExponent(JsonNode value) {
        return value.isTextual() && value.asText().matches("[0-9]+(\\.[0-9]+)?e[-+]?[0-9]+");
    }

    @Test
    void keptSchemaIsWhatTheCommandWrites() throws IOException {
        if (Boolean.getBoolean("dil.write")) {
            Files.writeString(KEPT, ConfigSchema.text());
        }
        assertThat(KEPT)
                .as("to write it anew: ./dil-ort config schema > %s", KEPT)
                .content()
                .isEqualTo(ConfigSchema.text());
    }

    @Test
    void everyKeyHasItsMeaning() {
        assertThat(KeyTable.ENTRIES.keySet()).containsExactlyInAnyOrderElementsOf(Schema.allKeys());
        assertThat(KeyTable.ENTRIES.values()).noneMatch(entry -> entry.meaning().isBlank());
    }

    /** The table of all keys in docs/configuration.md, between its header and the end of the file. */
    @Test
    void documentationHasEveryKey() throws IOException {
        StringBuilder table = new StringBuilder("| key | default | meaning |\n| --- | --- | --- |\n");
        KeyTable.ENTRIES
                .values()
                .forEach(entry -> table.append("| `" + entry.key() + "` | " + standard(entry.key()) + " | "
                        + entry.meaning().replace("|", "\\|") + " |\n"));
        String kept = Files.readString(REFERENCE);
        int start = kept.indexOf("| key | default | meaning |");
        if (Boolean.getBoolean("dil.write")) {
            Files.writeString(REFERENCE, kept.substring(0, start) + table);
        }
        assertThat(Files.readString(REFERENCE).substring(start)).isEqualTo(table.toString());
    }

    private static String standard(String key) {
        JsonNode value = Defaults.values().at("/" + key.replace('.', '/'));
        return value.isTextual() && !value.asText().isEmpty() ? "`" + value.asText() + "`" : "";
    }

    static Stream<Path> configurations() throws IOException {
        List<Path> all = new ArrayList<>(List.of(Path.of("src/test/resources/config/full.yaml")));
        try (Stream<Path> own = Files.walk(Path.of("configs"))) {
            own.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> !file.getFileName().toString().startsWith("figure-2"))
                    .forEach(all::add);
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void configurationsOfTheProjectAreValid(Path file) throws IOException {
        assertThat(faults(read(Files.readString(file)))).isEmpty();
    }

    @Test
    void whatTheLoaderTakesIsValid() throws IOException {
        long seed = new Random().nextLong();
        RandomConfigs random = new RandomConfigs(seed);
        for (int i = 0; i < 200; i++) {
            String yaml = ConfigWriter.toYaml(random.next());
            assertThat(faults(YAML.readTree(yaml)))
                    .as("seed %d, %s", seed, yaml)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "trian: {epochs: 1}",
                "train: {epoch: 1}",
                "train: {epochs: 0}",
                "train: {epochs: 1.5}",
                "train: {epochs: [1]}",
                "train: {learning_rate: 0}",
                "train: {warmup_ratio: 1.01}",
                "train: {adam_beta1: 1}",
                "train: {max_grad_norm: auto}",
                "train: {scheduler: cosin}",
                "train: {shuffle: maybe}",
                "train: {max_steps: never}",
                "head: []",
                "head: {name: lsif, beta: none}",
                "head: {name: lsif, gamma: high}",
                "head: [{name: lsif}, {name: sft, wieght: x}]",
                "model: {path: m, lora: all}",
                "data: {train: [{weight: 1}]}",
                "data: {train: [{path: a, limit: 0}]}",
                "data: {eval: e}",
                "eval: {best: {patience: 0}}"
            })
    void whatIsWrongIsNotValid(String wrong) throws IOException {
        ObjectNode config = (ObjectNode) read(SMALLEST);
        assertThat(faults(config)).isEmpty();
        config.setAll((ObjectNode) read(wrong));
        assertThat(faults(config)).as(wrong).isNotEmpty();
    }

    static Stream<KeyTable.Entry> bounded() {
        return KeyTable.ENTRIES.values().stream().filter(entry -> !entry.range().equals(KeyTable.Range.ALL));
    }

    /** The loader refuses what is outside of a key's range in keys.txt, and takes its words. */
    @ParameterizedTest
    @MethodSource("bounded")
    void rangesAreTheLoaders(KeyTable.Entry entry) {
        KeyTable.Range range = entry.range();
        boolean closed = range.lowEnd() == KeyTable.Range.End.CLOSED;
        assertRefused(entry.key(), closed ? range.low() - 1 : range.low());
        if (Double.isFinite(range.high())) {
            assertRefused(entry.key(), range.highEnd() == KeyTable.Range.End.CLOSED ? range.high() + 1 : range.high());
        }
        for (String word : entry.words()) {
            assertThat(load(entry.key() + "=" + word))
                    .as("%s=%s", entry.key(), word)
                    .isNotNull();
        }
    }

    private static void assertRefused(String key, double value) {
        String text = value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
        Throwable refused = catchThrowable(() -> load(key + "=" + text));
        assertThat(refused)
                .as("%s=%s", key, text)
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(key);
    }

    private static Config load(String setting) {
        return ConfigLoader.parse(
                "x.yaml",
                SMALLEST + "head: {name: lsif}\n",
                List.of(
                        "data.eval=e",
                        "train.eval_every=5",
                        "model.lora.rank=4",
                        setting.startsWith("eval.best") ? "eval.best.metric=loss" : "eval.best=none",
                        "eval.generate.answer_pattern=(a)",
                        setting));
    }

    @Test
    void trainingDataIsNeverEmptyAndHeldOutDataMayBe() throws IOException {
        assertThat(faults(read("model: {path: m}\ndata: {train: []}\noutput: o\n")))
                .isNotEmpty();
        assertThat(faults(read("model: {path: m}\ndata: {train: t, eval: []}\noutput: o\n")))
                .isEmpty();
        assertThat(faults(read("model: {path: m}\ndata: {train: t, eval: [{path: e, name: n}]}\noutput: o\n")))
                .isEmpty();
        assertThat(faults(read("model: {path: m}\ndata: {train: t, eval: {path: e, weight: 1}}\noutput: o\n")))
                .isNotEmpty();
    }
}
