package org.dilort.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dilort.error.FormatException;
import org.dilort.testing.GoldenModel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderCheckTest {
    private static final String MODEL = "onnx/model.onnx";
    private static final String DATA = "onnx/model.onnx_data";

    @TempDir
    private Path temp;

    private Path export = Path.of("");

    @BeforeEach
    void writeExport() throws IOException {
        Path model = Files.createDirectories(temp.resolve("model"));
        Path golden = GoldenModel.load("llama_gqa_tied").folder();
        for (String file : List.of("config.json", "generation_config.json", "model.safetensors")) {
            Files.copy(golden.resolve(file), model.resolve(file));
        }
        TestModels.addTokenizer("tokenizer-words", model);
        Files.writeString(model.resolve("tokenizer_config.json"), "{\"eos_token\": \"</s>\"}");
        Files.writeString(
                model.resolve("chat_template.jinja"),
                "{% for message in messages %}<{{ message.role }}>{{ message.content }}\n{% endfor %}");
        export = TestModels.export(model, temp.resolve("export"));
    }

    @Test
    void findsNothingWrongWithWhatTheExportWrites() {
        assertThat(check())
                .extracting(CheckLine::toString)
                .allSatisfy(line -> assertThat(line).startsWith("ok   "))
                .hasSize(17)
                .contains(
                        "ok   graph contract: 7 inputs, 5 outputs",
                        "ok   hashes: 2 files as README.md says",
                        "ok   chat template: renders a user's message");
    }

    @Test
    void namesAMissingFile() throws IOException {
        Files.delete(export.resolve("genai_config.json"));

        assertThat(failures()).containsExactly("FAIL files: " + at("genai_config.json") + ": missing");
    }

    @Test
    void namesTheTokenizerThatIsGone() throws IOException {
        Files.delete(export.resolve("tokenizer.json"));

        assertThat(failures()).containsExactly("FAIL files: " + at("tokenizer.json") + ": missing");
    }

    @Test
    void namesATokenizerOfGarbage() throws IOException {
        Files.writeString(export.resolve("tokenizer.json"), "{\"model\": {\"vocab\": {\"a\": 0}, ");

        assertThat(failures())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .matches("FAIL (tokenizer|special ids): " + at("tokenizer.json") + ": damaged .*"));
    }

    @Test
    void measuresTruncatedExternalData() throws IOException {
        byte[] bytes = Files.readAllBytes(export.resolve(DATA));
        Files.write(export.resolve(DATA), Arrays.copyOf(bytes, 5000));

        assertThat(failures())
                .containsExactly("FAIL external data: %s: got 5000 bytes, expected %d (%s)"
                        .formatted(at(DATA), bytes.length, at(MODEL)));
    }

    @Test
    void namesMissingExternalData() throws IOException {
        Files.delete(export.resolve(DATA));

        assertThat(failures())
                .containsExactly(
                        "FAIL external data: %s: missing, %s has tensors in it".formatted(at(DATA), at(MODEL)));
    }

    @Test
    void findsAFlippedBit() throws IOException {
        byte[] bytes = Files.readAllBytes(export.resolve(DATA));
        bytes[4242] ^= 1;
        Files.write(export.resolve(DATA), bytes);

        assertThat(failures())
                .singleElement()
                .asString()
                .matches("FAIL hashes: " + at(DATA)
                        + ": SHA-256: got [0-9a-f]{64}, expected [0-9a-f]{64} \\(README\\.md\\)");
    }

    @Test
    void namesARenamedInput() throws IOException {
        OnnxMl.ModelProto.Builder model =
                OnnxMl.ModelProto.parseFrom(Files.readAllBytes(export.resolve(MODEL))).toBuilder();
        model.getGraphBuilder().getInputBuilder(0).setName("tokens");
        Files.write(export.resolve(MODEL), model.build().toByteArray());
        forgetHashes();

        assertThat(failures())
                .containsExactly(
                        "FAIL graph contract: input 0: got tokens int64[batch_size, sequence_length], expected"
                                + " input_ids int64[batch_size, sequence_length] (" + at(MODEL) + ")",
                        "FAIL genai names: model.decoder.inputs.input_ids: got \"input_ids\", which is none of the"
                                + " graph's inputs (" + at("genai_config.json") + ")");
    }

    @Test
    void comparesHeadsWithTheConfiguration() throws IOException {
        edit(export.resolve("config.json"), "\"num_key_value_heads\": 2", "\"num_key_value_heads\": 1");

        List<String> failures = failures();

        assertThat(failures).hasSize(2);
        assertThat(failures.get(0))
                .startsWith("FAIL graph contract: input 3: got past_key_values.0.key float[batch_size, 2,"
                        + " past_sequence_length, 12], expected past_key_values.0.key float[batch_size, 1,")
                .endsWith("; and 5 more");
        assertThat(failures.get(1))
                .isEqualTo("FAIL genai sizes: model.decoder.num_key_value_heads: got 2, expected 1 ("
                        + at("genai_config.json") + ")");
    }

    @Test
    void findsACacheWhoseLayersAreSwapped() throws IOException {
        OnnxMl.ModelProto.Builder model =
                OnnxMl.ModelProto.parseFrom(Files.readAllBytes(export.resolve(MODEL))).toBuilder();
        for (OnnxMl.NodeProto.Builder node : model.getGraphBuilder().getNodeBuilderList()) {
            for (int i = 0; i < node.getOutputCount(); i++) {
                node.setOutput(i, swapped(node.getOutput(i)));
            }
            for (int i = 0; i < node.getInputCount(); i++) {
                node.setInput(i, swapped(node.getInput(i)));
            }
        }
        Files.write(export.resolve(MODEL), model.build().toByteArray());
        forgetHashes();

        assertThat(failures()).singleElement().asString().startsWith("FAIL cached decoding: token by token: token 8, ");
    }

    private static String swapped(String name) {
        return switch (name) {
            case "present.0.key" -> "present.1.key";
            case "present.1.key" -> "present.0.key";
            default -> name;
        };
    }

    @Test
    void namesAKeyThatGenaiDoesNotKnow() throws IOException {
        edit(export.resolve("genai_config.json"), "\"head_size\"", "\"colour\": \"red\", \"head_size\"");

        assertThat(failures())
                .containsExactly(
                        "FAIL genai keys: model.decoder.colour: got a key that onnxruntime-genai does not know ("
                                + at("genai_config.json") + ")");
    }

    @Test
    void namesASpecialIdOutsideTheVocabulary() throws IOException {
        edit(export.resolve("generation_config.json"), "\"eos_token_id\": 2", "\"eos_token_id\": 99999");

        assertThat(failures())
                .anySatisfy(line ->
                        assertThat(line).startsWith("FAIL special ids: eos_token_id: got 99999, expected less than "));
    }

    @Test
    void namesATemplateThatDiffersBeside() throws IOException {
        Files.writeString(export.resolve("chat_template.jinja"), "{{ messages[0].content }}");

        assertThat(failures())
                .containsExactly("FAIL chat template: chat_template: got another text than " + at("chat_template.jinja")
                        + ", expected the same (" + at("tokenizer_config.json") + ")");
    }

    @Test
    void survivesGarbageForAModel() throws IOException {
        Files.write(export.resolve(MODEL), "this is no model".repeat(50).getBytes(StandardCharsets.UTF_8));

        assertThat(failures())
                .singleElement()
                .asString()
                .startsWith("FAIL model file: " + at(MODEL) + ": not an ONNX file");
    }

    @Test
    void survivesATruncatedModel() throws IOException {
        Files.write(export.resolve(MODEL), Arrays.copyOf(Files.readAllBytes(export.resolve(MODEL)), 1000));

        assertThat(failures()).singleElement().asString().startsWith("FAIL model file: " + at(MODEL) + ": ");
    }

    @Test
    void refusesWhatIsNoExport() throws IOException {
        assertThatThrownBy(() -> check(temp.resolve("model")))
                .isInstanceOf(FormatException.class)
                .hasMessage(temp.resolve("model") + ": no onnx/model.onnx, expected an export folder");
        Files.delete(export.resolve("config.json"));
        assertThatThrownBy(this::check)
                .isInstanceOf(FormatException.class)
                .hasMessage(export + ": no config.json, expected an export folder");
    }

    @Test
    void countsAtTheEnd() throws IOException {
        Files.delete(export.resolve("tokenizer.json"));
        Checklist list = new Checklist(line -> {});

        FolderCheck.run(export, TestModels.ONE_THREAD, list);

        assertThat(list.summary()).isEqualTo("15 checks: 14 ok, 1 failed; 2 skipped");
        assertThat(list.hasFailures()).isTrue();
    }

    private void forgetHashes() throws IOException {
        Path card = export.resolve("README.md");
        Files.writeString(card, Files.readString(card).replaceAll("[0-9a-f]{64}", "-"));
    }

    private static void edit(Path file, String from, String to) throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replace(from, to));
    }

    private String at(String file) {
        return export.resolve(file).toString();
    }

    private List<String> failures() {
        return check().stream()
                .filter(CheckLine.Failed.class::isInstance)
                .map(CheckLine::toString)
                .toList();
    }

    private List<CheckLine> check() {
        return check(export);
    }

    private static List<CheckLine> check(Path folder) {
        List<CheckLine> lines = new ArrayList<>();
        FolderCheck.run(folder, TestModels.ONE_THREAD, new Checklist(lines::add));
        return lines;
    }
}
