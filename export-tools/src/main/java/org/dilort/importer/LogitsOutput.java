package org.dilort.importer;

import java.util.List;
import java.util.Map;
import org.dilort.error.FormatException;
import org.dilort.model.Parameter.Layout;
import org.dilort.model.SoftCap;
import org.dilort.onnx.OnnxModelFile;
import org.dilort.onnx.OnnxNode;
import org.dilort.onnx.StoredTensor;
import org.dilort.onnx.Tensor;

/**
 * The end of a decoder: logits = cap(hidden W). Training takes it off, because it needs logits of scored tokens alone.
 *
 * @param hidden name of the last hidden states
 * @param weight name of the initializer W
 */
record LogitsOutput(String hidden, String weight, Layout layout, SoftCap cap) {
    private static final String NAME = "logits";

    /** @throws FormatException for a file that ends otherwise */
    static LogitsOutput find(OnnxModelFile file, Map<String, OnnxNode> makers) {
        if (!file.outputs().contains(NAME)) {
            throw file.errors()
                    .failure("outputs " + shortened(file.outputs()) + ", expected one that is called logits");
        }
        return file.errors().at("the output logits", () -> new Search(file, makers).from(NAME));
    }

    private static String shortened(List<String> outputs) {
        return outputs.size() < 5
                ? outputs.toString()
                : outputs.subList(0, 4) + " and " + (outputs.size() - 4) + " more";
    }

    private record Search(OnnxModelFile file, Map<String, OnnxNode> makers) {

        LogitsOutput from(String logits) {
            String end = past(logits);
            double bound = bound(end);
            if (bound == 0) {
                return product(end, SoftCap.NONE);
            }
            OnnxNode tanh = maker(past(maker(end).inputs().get(0)));
            OnnxNode scaled = maker(past(tanh.inputs().get(0)));
            return product(past(scaled.inputs().get(0)), new SoftCap(bound));
        }

        /** The value itself, behind nodes that change nothing or only how it is laid out. */
        private String past(String name) {
            OnnxNode node = maker(name);
            return switch (node.op()) {
                case "Identity", "Cast", "Reshape" -> past(node.inputs().get(0));
                default -> name;
            };
        }

        private OnnxNode maker(String name) {
            OnnxNode node = makers.get(name);
            if (node == null) {
                throw unexpected("value " + name + ", which no node makes");
            }
            return node;
        }

        /** c of c tanh(x / c); 0 = no such cap. */
        private double bound(String end) {
            OnnxNode node = maker(end);
            boolean capped = node.op().equals("Mul")
                    && makers.containsKey(node.inputs().get(0))
                    && maker(node.inputs().get(0)).op().equals("Tanh")
                    && file.tensors().containsKey(node.inputs().get(1));
            return capped ? number(node.inputs().get(1)) : 0;
        }

        private double number(String name) {
            Tensor tensor = file.tensor(name).read();
            double[] values = tensor.toDoubles();
            if (values.length != 1) {
                throw unexpected("a cap of " + values.length + " numbers");
            }
            return values[0];
        }

        private LogitsOutput product(String name, SoftCap cap) {
            OnnxNode node = maker(name);
            boolean product = node.op().equals("MatMul")
                    || node.op().equals("Gemm") && node.inputs().size() == 2;
            if (!product) {
                throw unexpected(node + ", and expected a product without a bias");
            }
            boolean transposed = node.integer("transB", 0) == 1;
            String weight = node.inputs().get(1);
            OnnxNode maker = makers.get(weight);
            if (maker != null && maker.op().equals("Transpose")) {
                weight = maker.inputs().get(0);
                transposed = !transposed;
            }
            StoredTensor stored = file.tensors().get(weight);
            if (stored == null || stored.type().shape().rank() != 2) {
                throw unexpected(node + " with " + weight + ", and expected a matrix of weights");
            }
            return new LogitsOutput(node.inputs().get(0), weight, transposed ? Layout.OUT_IN : Layout.IN_OUT, cap);
        }

        private FormatException unexpected(String found) {
            return file.errors()
                    .failure("logits come from " + found
                            + "; expected hidden states times a matrix, perhaps capped by tanh");
        }
    }
}
