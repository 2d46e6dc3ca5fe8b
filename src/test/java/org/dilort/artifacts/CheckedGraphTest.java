package org.dilort.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.dilort.autodiff.Form;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Heads;
import org.dilort.heads.Objective;
import org.dilort.model.CausalLm;
import org.dilort.model.TokenLogProbs.Chunks;
import org.dilort.onnx.DType;
import org.dilort.onnx.Graph;
import org.dilort.onnx.OnnxChecker;
import org.dilort.onnx.OnnxWriter;
import org.dilort.testing.GoldenModel;
import org.dilort.weights.SafetensorsFolder;
import org.dilort.weights.WeightSource;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Whole graphs pass ONNX's checker with shape inference, and building them again gives the same bytes. */
class CheckedGraphTest {
    private static final GoldenModel GOLDEN = GoldenModel.load("llama_gqa_untied");
    private static final AdamW ADAMW = new AdamW(0.9, 0.999, 1e-8, 0.01, 1.0);

    @TempDir
    private Path folder;

    private static GraphOptions options(DType compute, Form form) {
        return new GraphOptions(compute, form, new Chunks(16, 2), 64);
    }

    private static Map<String, Supplier<Graph>> graphs(WeightSource weights) {
        CausalLm model = GOLDEN.model();
        Map<String, Supplier<Graph>> graphs = new TreeMap<>();
        for (String head : List.of("lsif", "ukl", "bce", "dpo", "sft")) {
            Objective spec = Objective.of(HeadSpec.of(head));
            graphs.put(
                    "training with " + head,
                    () -> TrainingGraph.build(model, spec, options(DType.FLOAT, Form.PLAIN), ADAMW));
        }
        Objective mean = Objective.of(new HeadSpec(Heads.named("lsif"), org.dilort.heads.Reduction.MEAN, Map.of()));
        graphs.put(
                "training with fused gradients",
                () -> TrainingGraph.build(model, mean, options(DType.FLOAT, Form.CONTRIB), ADAMW));
        graphs.put(
                "gradients in double",
                () -> TrainingGraph.withGradientOutputs(model, mean, options(DType.DOUBLE, Form.PLAIN)));
        graphs.put(
                "update",
                () -> UpdateGraph.build(
                        model.parameters(), ADAMW, parameter -> parameter.name().contains("proj"), Form.PLAIN));
        StoredWeights stored = new StoredWeights(weights);
        graphs.put("scoring", () -> ScoringGraph.build(model, options(DType.FLOAT, Form.PLAIN), Set.of(), stored));
        graphs.put("decoder", () -> DecoderGraph.build(model, stored));
        return graphs;
    }

    @TestFactory
    Stream<DynamicTest> graphsAreValidAndDeterministic() throws IOException {
        Files.copy(GOLDEN.folder().resolve("model.safetensors"), folder.resolve("model.safetensors"));
        Files.copy(GOLDEN.folder().resolve("config.json"), folder.resolve("config.json"));
        List<DynamicTest> tests = new ArrayList<>();
        WeightSource weights = SafetensorsFolder.open(folder);
        graphs(weights)
                .forEach((name, graph) -> tests.add(dynamicTest(name, () -> {
                    byte[] bytes = OnnxWriter.toBytes(graph.get());
                    assertThat(OnnxWriter.toBytes(graph.get())).isEqualTo(bytes);
                    OnnxChecker.check(bytes, folder);
                })));
        return tests.stream().onClose(weights::close);
    }
}
