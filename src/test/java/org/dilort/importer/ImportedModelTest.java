package org.dilort.importer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.dilort.artifacts.GraphOptions;
import org.dilort.artifacts.TrainingGraph;
import org.dilort.autodiff.Form;
import org.dilort.export.ExportFolder;
import org.dilort.export.ModelCard;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Objective;
import org.dilort.model.BatchInputs;
import org.dilort.model.CausalLm;
import org.dilort.model.Parameter;
import org.dilort.model.TokenLogProbs.Chunks;
import org.dilort.onnx.DType;
import org.dilort.testing.Array;
import org.dilort.testing.GoldenModel;
import org.dilort.testing.GraphRunner;
import org.dilort.weights.SafetensorsFolder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A model that was exported and read again computes what PyTorch computes, with the gradients of the model it was. */
class ImportedModelTest {
    private static final String GRADIENT = ".gradient";

    @TempDir
    private Path temp;

    static List<String> names() {
        return GoldenModel.ofAnyLength();
    }

    @ParameterizedTest
    @MethodSource("names")
    void anExportIsTheModelThatItWas(String name) {
        GoldenModel golden = GoldenModel.load(name);
        Path export = temp.resolve("export");
        try (SafetensorsFolder weights = SafetensorsFolder.open(golden.folder())) {
            ExportFolder.write(golden.folder(), weights, ModelCard.titled("tiny"), export);
        }
        ImportedModel imported = ImportedModel.read(export.resolve(ExportFolder.MODEL));
        Map<String, Array> inputs = new TreeMap<>(golden.plainBatch());
        inputs.put(BatchInputs.REFERENCE_LOGPS, references(golden));
        inputs.putAll(golden.weights());

        Map<String, Array> own = run(golden.model(), inputs);
        Map<String, Array> read = run(imported, inputs);

        assertThat(imported.parameters())
                .extracting(Parameter::name)
                .containsExactlyInAnyOrderElementsOf(golden.model().parameters().stream()
                        .map(Parameter::name)
                        .toList());
        assertLogps(golden, read.get(TrainingGraph.POLICY_LOGPS));
        double all = golden.model().parameters().stream()
                .mapToDouble(parameter -> norm(own.get(parameter.name() + GRADIENT)))
                .sum();
        for (Parameter parameter : golden.model().parameters()) {
            double[] expected = own.get(parameter.name() + GRADIENT).values();
            double[] actual = read.get(parameter.name() + GRADIENT).values();
            double norm = norm(own.get(parameter.name() + GRADIENT));
            assertThat(actual).as(parameter.name()).containsExactly(expected, Offset.offset(1e-5 * norm + 1e-8 * all));
        }
    }

    private static double norm(Array gradient) {
        return Math.sqrt(Arrays.stream(gradient.values()).map(x -> x * x).sum());
    }

    private static Array references(GoldenModel golden) {
        int pairs = golden.pairs();
        double[] all = golden.numbers("/sequence_logps");
        double[] chosen = Arrays.copyOf(all, pairs);
        double[] rejected = Arrays.copyOfRange(all, pairs, 2 * pairs);
        return new Array(new long[] {pairs, 2}, golden.byPair(chosen, rejected));
    }

    private static Map<String, Array> run(CausalLm model, Map<String, Array> inputs) {
        GraphOptions options = new GraphOptions(DType.FLOAT, Form.PLAIN, Chunks.WHOLE, 64);
        return GraphRunner.run(
                TrainingGraph.withGradientOutputs(model, Objective.of(HeadSpec.of("dpo")), options), inputs);
    }

    private static void assertLogps(GoldenModel golden, Array logps) {
        double[] expected = golden.numbers("/sequence_logps");
        int pairs = golden.pairs();
        for (int row = 0; row < 2 * pairs; row++) {
            assertThat(logps.values()[2 * (row % pairs) + row / pairs])
                    .as("row %d", row)
                    .isCloseTo(expected[row], Offset.offset(2e-5 * golden.responseLength(row)));
        }
    }
}
