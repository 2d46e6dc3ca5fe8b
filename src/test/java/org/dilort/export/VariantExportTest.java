package org.dilort.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.dilort.data.TokenizedPair;
import org.dilort.error.ConfigException;
import org.dilort.error.FormatException;
import org.dilort.model.Architectures;
import org.dilort.model.CausalLm;
import org.dilort.model.Parameter;
import org.dilort.testing.GoldenModel;
import org.dilort.weights.FloatSource;
import org.dilort.weights.SafetensorsFolder;
import org.dilort.weights.SafetensorsWriter;
import org.dilort.weights.ShardPlan;
import org.dilort.weights.WeightType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class VariantExportTest {
    private static final long SEED = 20261129;

    @TempDir
    private Path temp;

    static List<String> models() {
        return GoldenModel.ofAnyLength();
    }

    private static List<String> checked(Path export) {
        List<String> lines = new ArrayList<>();
        FolderCheck.run(export, TestModels.ONE_THREAD, new Checklist(line -> lines.add(line.toString())));
        return lines;
    }

    private static double kl(Path export, Variant variant, List<TokenizedPair> pairs) {
        try (DecoderSession whole = DecoderSession.ofExport(export, TestModels.ONE_THREAD);
                DecoderSession form =
                        DecoderSession.of(new ModelPlace(export, variant.file()), TestModels.ONE_THREAD)) {
            return LogitsComparison.of(whole, form, SequenceRows.groups(pairs, 4096), 2 * pairs.size())
                    .kl();
        }
    }

    /**
     * Numbers of a model of random weights lose 11 bits of 24, 8 bits, and 4 bits: KL goes with the square of what is lost. The
     * bounds are about three times what the worst of the models shows (3.5e-6, 3.4e-3, 0.13).
     */
    @ParameterizedTest
    @MethodSource("models")
    void everyArchitectureHasEveryVariant(String name) {
        GoldenModel golden = GoldenModel.load(name);
        Path export = TestModels.export(golden.folder(), temp.resolve("export"));
        List<TokenizedPair> pairs = TestModels.pairs(golden);
        Map<Variant, Double> bounds = Map.of(Variant.FP16, 1e-5, Variant.Q8, 1e-2, Variant.Q4, 0.4);
        bounds.forEach((variant, bound) -> {
            VariantExport.add(export, variant);
            assertThat(kl(export, variant, pairs))
                    .as("%s", variant)
                    .isPositive()
                    .isLessThan(bound);
        });
        assertThat(checked(export))
                .filteredOn(line -> line.substring(5).matches("(fp16|q8|q4) .*"))
                .hasSize(3 * 5 + 3)
                .allMatch(line -> line.startsWith("ok ") || line.startsWith("skip q8 cached decoding"));
    }

    /** A row of 16 or 24 numbers is one block that is not full. */
    @Test
    void fourBitProductsAreThoseOfTheDecodedWeights() {
        Path model = TestModels.random(temp.resolve("model"), SEED, config -> config.put("tie_word_embeddings", false));
        Path export = TestModels.export(model, temp.resolve("export"));
        VariantExport.add(export, Variant.Q4);
        Path rounded = TestModels.export(decoded(model, FourBits.CODER), temp.resolve("rounded"));

        List<TokenizedPair> pairs = List.of(new TokenizedPair(
                0,
                TestModels.ids(new SplittableRandom(SEED), 6, 40),
                TestModels.ids(new SplittableRandom(SEED + 1), 9, 40),
                new int[] {3, 4}));
        double[] actual = logps(export.resolve(Variant.Q4.file()), pairs);
        double[] expected = logps(rounded, pairs);
        assertThat(actual).containsExactly(expected, within(1e-4));
        assertThat(Math.abs(actual[0] - logps(export, pairs)[0])).isGreaterThan(1e-3);
    }

    private static double[] logps(Path named, List<TokenizedPair> pairs) {
        try (DecoderScorer scorer = DecoderScorer.open(named, TestModels.ONE_THREAD)) {
            return scorer.sequenceLogps(pairs);
        }
    }

    /** The same model with linear layers as they are after coding. */
    private Path decoded(Path folder, RowCoder coder) {
        Path result = temp.resolve("decoded");
        CausalLm model = Architectures.read(folder);
        SafetensorsWriter writer = new SafetensorsWriter(Map.of());
        try (SafetensorsFolder weights = SafetensorsFolder.open(folder)) {
            for (Parameter parameter : model.parameters()) {
                float[] values = weights.toArray(parameter.name());
                List<Long> shape = weights.info(parameter.name()).shape();
                if (shape.size() == 2 && !parameter.name().contains("embed_tokens")) {
                    int in = shape.get(1).intValue();
                    for (int start = 0; start < values.length; start += in) {
                        float[] row = Arrays.copyOfRange(values, start, start + in);
                        System.arraycopy(RowCoderTest.decoded(coder, row), 0, values, start, in);
                    }
                }
                writer.add(parameter.name(), WeightType.F32, shape, FloatSource.of(values));
            }
            Files.createDirectories(result);
            Files.copy(folder.resolve("config.json"), result.resolve("config.json"));
            writer.writeFolder(result, ShardPlan.singleFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return result;
    }

    @Test
    void theSameExportGivesTheSameBytes() throws IOException {
        Path export =
                TestModels.export(TestModels.random(temp.resolve("model"), SEED, config -> {}), temp.resolve("e"));
        for (Variant variant : Variant.values()) {
            VariantExport.add(export, variant);
            Path data = export.resolve("onnx").resolve(variant.weights());
            byte[] first = Files.readAllBytes(data);
            String card = Files.readString(export.resolve("README.md"));
            VariantExport.add(export, variant);
            assertThat(Files.readAllBytes(data)).isEqualTo(first);
            assertThat(export.resolve("README.md")).content().isEqualTo(card).containsOnlyOnce(variant.weights());
        }
        assertThat(Variant.in(export)).containsExactly(Variant.values());
        assertThat(export.resolve("config.json")).content().contains("\"model_q4.onnx\": 1");
    }

    @Test
    void aDamagedVariantIsFound() throws IOException {
        Path export =
                TestModels.export(TestModels.random(temp.resolve("model"), SEED, config -> {}), temp.resolve("e"));
        VariantExport.add(export, Variant.Q4);
        Path data = export.resolve("onnx").resolve(Variant.Q4.weights());
        byte[] bytes = Files.readAllBytes(data);
        Files.write(data, Arrays.copyOf(bytes, bytes.length / 2));
        assertThat(checked(export)).anyMatch(line -> line.startsWith("FAIL hashes: " + data));
        Files.delete(export.resolve("README.md"));
        assertThat(checked(export))
                .filteredOn(line -> line.substring(5).startsWith("q4 "))
                .extracting(line -> line.substring(0, line.indexOf(':')))
                .containsExactly(
                        "ok   q4 model file",
                        "FAIL q4 external data",
                        "ok   q4 transformers.js",
                        "ok   q4 graph contract",
                        "skip q4 logits");
    }

    @Test
    void refusesWhatIsNoExport() throws IOException {
        assertThatThrownBy(() -> VariantExport.add(temp, Variant.Q8))
                .isInstanceOf(FormatException.class)
                .hasMessage(temp + ": no onnx/model.onnx, expected an export folder");
        Path export =
                TestModels.export(TestModels.random(temp.resolve("model"), SEED, config -> {}), temp.resolve("e"));
        Files.write(export.resolve("onnx/model.onnx"), new byte[] {1, 2, 3});
        assertThatThrownBy(() -> VariantExport.add(export, Variant.Q8)).isInstanceOf(FormatException.class);
        assertThat(export.resolve(Variant.Q8.file())).doesNotExist();
        assertThatThrownBy(() -> Variant.of("fp8"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("variant: got \"fp8\", expected fp16, q8 or q4");
        assertThatThrownBy(() -> Variant.of("fp61"))
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith("; did you mean fp16?");
    }

    /** A folder where the temporary file would be written is what a full or read-only disk is to it. */
    @ParameterizedTest
    @ValueSource(strings = {"onnx/model_q4.onnx.tmp", "onnx/model_q4.onnx_data.tmp"})
    void whatCannotBeWrittenLeavesTheExportAsItWas(String blocked) throws IOException {
        Path export =
                TestModels.export(TestModels.random(temp.resolve("model"), SEED, config -> {}), temp.resolve("e"));
        String config = Files.readString(export.resolve("config.json"));
        String card = Files.readString(export.resolve("README.md"));
        Files.createDirectories(export.resolve(blocked));

        assertThatThrownBy(() -> VariantExport.add(export, Variant.Q4))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(blocked);

        assertThat(Variant.in(export)).isEmpty();
        assertThat(export.resolve("config.json")).content().isEqualTo(config);
        assertThat(export.resolve("README.md")).content().isEqualTo(card);
    }

    /** Against itself nothing changes: KL 0, no pair flipped, and every count is that of the pairs. */
    @Test
    void measuresAModelBesideItsVariants() {
        Path export =
                TestModels.export(TestModels.random(temp.resolve("model"), SEED, config -> {}), temp.resolve("e"));
        VariantExport.add(export, Variant.Q4);
        SplittableRandom random = new SplittableRandom(SEED);
        List<TokenizedPair> pairs = List.of(
                new TokenizedPair(0, TestModels.ids(random, 4, 40), TestModels.ids(random, 5, 40), new int[0]),
                new TokenizedPair(
                        1,
                        TestModels.ids(random, 3, 40),
                        TestModels.ids(random, 5, 40),
                        TestModels.ids(random, 7, 40)));
        long[] nanos = new long[1];
        List<VariantEffect> effects =
                VariantEffect.measure(export, pairs, TestModels.ONE_THREAD, () -> nanos[0] += 1_000_000_000);

        assertThat(effects).extracting(VariantEffect::file).containsExactly("onnx/model.onnx", "onnx/model_q4.onnx");
        VariantEffect itself = effects.get(0);
        assertThat(itself.kl()).isZero();
        assertThat(itself.flipped()).isZero();
        assertThat(itself.comparable()).isEqualTo(1);
        double[] logps = logps(export, pairs);
        assertThat(itself.perplexity()).isCloseTo(Math.exp(-(logps[0] + logps[2]) / 10), within(1e-5));
        assertThat(itself.right()).isEqualTo(logps[2] > logps[3] ? 1 : 0);
        assertThat(itself.tokensPerSecond())
                .as("of at most 64 tokens in a second")
                .isBetween(1.0, 64.0);
        assertThat(effects.get(1).kl()).isPositive();
        assertThat(effects.get(1).bytes()).isPositive().isNotEqualTo(itself.bytes());
    }

    @Test
    void aModelFileMayBeNamedInPlaceOfItsFolder() {
        Path export =
                TestModels.export(TestModels.random(temp.resolve("model"), SEED, config -> {}), temp.resolve("e"));
        VariantExport.add(export, Variant.Q4);
        assertThat(ModelPlace.of(export)).isEqualTo(new ModelPlace(export, "onnx/model.onnx"));
        assertThat(ModelPlace.of(export.resolve("onnx/model_q4.onnx")))
                .isEqualTo(new ModelPlace(export.toAbsolutePath().normalize(), "onnx/model_q4.onnx"));
        Path none = export.resolve("onnx/none.onnx");
        assertThatThrownBy(() -> ModelPlace.of(none))
                .isInstanceOf(FormatException.class)
                .hasMessage(none + ": no such file, expected a folder or a model file of an export");
    }
}
