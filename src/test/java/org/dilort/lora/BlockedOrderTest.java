package org.dilort.lora;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.dilort.artifacts.GraphOptions;
import org.dilort.artifacts.ScoringGraph;
import org.dilort.artifacts.StoredWeights;
import org.dilort.artifacts.WeightInitializers;
import org.dilort.model.BatchInputs;
import org.dilort.onnx.Graph;
import org.dilort.onnx.Node;
import org.dilort.onnx.Value;
import org.dilort.testing.GoldenModel;
import org.dilort.weights.BlockFormat;
import org.dilort.weights.BlockedWeights;
import org.dilort.weights.SafetensorsFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An inference session begins with the nodes that need no input: were a layer's numbers made of its codes alone, those of
 * all layers would be in memory at once (3.0 GB of a 1.1 B-parameter model instead of 0.5).
 */
class BlockedOrderTest {
    @TempDir
    private Path temp;

    @Test
    void everyLayersNumbersWaitForWhatTheyAreMultipliedWith() {
        GoldenModel golden = GoldenModel.load("llama_gqa_tied");
        Set<String> matrices = ModelLayers.of(golden.model()).linear().values().stream()
                .map(LinearLayer::weight)
                .collect(Collectors.toSet());
        try (SafetensorsFolder base = SafetensorsFolder.open(golden.folder());
                BlockedWeights blocked =
                        BlockedWeights.at(temp.resolve("blocks"), base, matrices, BlockFormat.INT4, "hash")) {
            StoredWeights stored = new StoredWeights(blocked.stored());
            AdaptedModel model =
                    new AdaptedModel(golden.model(), Adapters.none(), WeightInitializers.frozen(stored, matrices));
            Graph graph = ScoringGraph.build(
                    model, GraphOptions.forBatches(64, 64, golden.model().size()), Set.of(), stored);

            Set<Value> ofTokens = ofTokens(graph);
            List<Node> numbers = graph.nodes().stream()
                    .filter(node -> node.op().equals("DequantizeLinear"))
                    .toList();
            assertThat(numbers).hasSize(matrices.size()).allMatch(node -> ofTokens.contains(node.output(0)));
        }
    }

    /** What depends on the tokens. */
    private static Set<Value> ofTokens(Graph graph) {
        Set<Value> found = new HashSet<>(graph.inputs().stream()
                .filter(input -> input.name().equals(BatchInputs.INPUT_IDS))
                .toList());
        for (Node node : graph.nodes()) {
            if (node.inputs().stream().anyMatch(found::contains)) {
                found.addAll(node.outputs());
            }
        }
        return found;
    }
}
