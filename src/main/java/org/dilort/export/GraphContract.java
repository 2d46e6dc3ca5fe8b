package org.dilort.export;

import java.util.List;
import org.dilort.model.CausalLm;
import org.dilort.onnx.Graph;
import org.dilort.onnx.OnnxModelFile;
import org.dilort.onnx.Value;

/**
 * The inputs and outputs that a model's decoder must have: those of the graph that its {@code config.json} gives.
 * Order counts, since Optimum pairs past and present by it.
 */
record GraphContract(List<Value> inputs, List<Value> outputs) {

    static GraphContract of(CausalLm model) {
        Graph graph = ExportFolder.servingGraph(model, VariantExport.unplaced(model));
        return new GraphContract(graph.inputs(), graph.outputs());
    }

    String check(OnnxModelFile file, List<String> problems) {
        compare("input", List.copyOf(file.inputs().values()), inputs, file, problems);
        compare("output", file.declaredOutputs(), outputs, file, problems);
        return inputs.size() + " inputs, " + outputs.size() + " outputs";
    }

    private static void compare(
            String kind, List<Value> got, List<Value> expected, OnnxModelFile file, List<String> problems) {
        if (got.size() != expected.size()) {
            problems.add("%ss: got %d, expected %d (%s)".formatted(kind, got.size(), expected.size(), file.path()));
            return;
        }
        for (int i = 0; i < got.size(); i++) {
            if (!got.get(i).equals(expected.get(i))) {
                problems.add("%s %d: got %s, expected %s (%s)"
                        .formatted(kind, i, text(got.get(i)), text(expected.get(i)), file.path()));
            }
        }
    }

    private static String text(Value value) {
        return value.name() + " " + value.type();
    }
}
