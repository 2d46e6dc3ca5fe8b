package org.dilort.lora;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dilort.artifacts.GraphOptions;
import org.dilort.artifacts.TrainingGraph;
import org.dilort.autodiff.Form;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Objective;
import org.dilort.model.BatchInputs;
import org.dilort.model.Parameter;
import org.dilort.model.TokenLogProbs.Chunks;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Graph;
import org.dilort.testing.Array;
import org.dilort.testing.GoldenModel;
import org.dilort.weights.NamedTensors;

/**
 * An adapter folder that PEFT wrote for a golden model, with what PyTorch computes from both in float64: the model's own
 * batch under the dpo head, beta 0.1, the base as the reference.
 */
record GoldenAdapter(String name, JsonNode golden, GoldenModel base) {
    private static final Path FOLDER = Path.of("src/test/resources/golden");

    static List<String> all() {
        return List.of("lora", "rslora", "dora");
    }

    static GoldenAdapter load(String name) {
        try {
            JsonNode golden = new ObjectMapper()
                    .readTree(folder(name).resolve("golden.json").toFile());
            return new GoldenAdapter(
                    name, golden, GoldenModel.load(golden.get("base").asText()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path folder(String name) {
        return FOLDER.resolve("adapter-" + name);
    }

    Adapters adapters() {
        try (PeftAdapter adapter = PeftAdapter.open(folder(name))) {
            return AdapterTensors.of(adapter, base.model());
        }
    }

    /** The adapted model; its constants are inputs of the graph. */
    AdaptedModel model(DType compute) {
        return new AdaptedModel(base.model(), adapters(), (graph, parameter) -> {
            Dim[] dims = parameter.shape().dims().toArray(Dim[]::new);
            return new FrozenWeights.Cast(graph.input(parameter.name(), compute, dims));
        });
    }

    Graph graph(String head, DType compute) {
        GraphOptions options = new GraphOptions(compute, Form.PLAIN, Chunks.WHOLE, 64);
        return TrainingGraph.withGradientOutputs(model(compute), Objective.of(HeadSpec.of(head)), options);
    }

    /** Everything that the graph reads: batch, base and adapters. */
    Map<String, Array> inputs() {
        Map<String, Array> inputs = new TreeMap<>(base.plainBatch());
        double[] reference = base.numbers("/sequence_logps");
        int pairs = base.pairs();
        inputs.put(
                BatchInputs.REFERENCE_LOGPS,
                new Array(
                        new long[] {pairs, 2},
                        base.byPair(
                                java.util.Arrays.copyOf(reference, pairs),
                                java.util.Arrays.copyOfRange(reference, pairs, 2 * pairs))));
        inputs.putAll(base.weights());
        try (PeftAdapter adapter = PeftAdapter.open(folder(name))) {
            adapters()
                    .parameters(base.model())
                    .forEach(parameter -> inputs.put(parameter.name(), array(adapter, parameter)));
        }
        return inputs;
    }

    static Array array(NamedTensors tensors, Parameter parameter) {
        float[] floats = tensors.toArray(parameter.name());
        double[] values = new double[floats.length];
        for (int i = 0; i < floats.length; i++) {
            values[i] = floats[i];
        }
        return new Array(parameter.shape().toArray(), values);
    }
}
