package org.dilort.artifacts;

import ai.onnx.proto.OnnxMl;
import java.util.List;

/**
 * ONNX Runtime's own optimizer graph: global-norm clipping and AdamW over sequences of all parameters, gradients and
 * moments. The session finds inputs by these names and in this order.
 */
final class StockOptimizer {
    private static final String MICROSOFT = "com.microsoft";
    private static final List<String> SEQUENCES =
            List.of("params", "gradients", "first_order_moments", "second_order_moments");

    /** The decay before the update, both moments corrected: PyTorch's definition. */
    private static final long PYTORCH_MODE = 0;

    private StockOptimizer() {}

    static byte[] toBytes(AdamW settings) {
        OnnxMl.GraphProto.Builder graph = OnnxMl.GraphProto.newBuilder().setName("optimizer");
        graph.addInput(tensor("learning_rate", OnnxMl.TensorProto.DataType.FLOAT));
        graph.addInput(tensor("step", OnnxMl.TensorProto.DataType.INT64));
        SEQUENCES.forEach(name -> graph.addInput(sequence(name)));
        graph.addOutput(tensor("updated_flag", OnnxMl.TensorProto.DataType.BOOL));
        boolean clips = !Double.isInfinite(settings.maxGradientNorm());
        if (clips) {
            graph.addNode(clip(settings.maxGradientNorm()));
        }
        graph.addNode(adamW(settings, clips ? "clipped" : "gradients"));
        return OnnxMl.ModelProto.newBuilder()
                .setIrVersion(10)
                .setProducerName("dil-ort")
                .addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder().setVersion(18))
                .addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder()
                        .setDomain(MICROSOFT)
                        .setVersion(1))
                .setGraph(graph)
                .build()
                .toByteArray();
    }

    private static OnnxMl.NodeProto clip(double maxNorm) {
        return OnnxMl.NodeProto.newBuilder()
                .setDomain(MICROSOFT)
                .setOpType("InplaceClipGradNorm")
                .addInput("gradients")
                .addOutput("clipped")
                .addAttribute(number("max_norm", maxNorm))
                .build();
    }

    private static OnnxMl.NodeProto adamW(AdamW settings, String gradients) {
        return OnnxMl.NodeProto.newBuilder()
                .setDomain(MICROSOFT)
                .setOpType("AdamWOptimizer")
                .addAllInput(List.of(
                        "learning_rate", "step", "params", gradients, "first_order_moments", "second_order_moments"))
                .addOutput("updated_flag")
                .addAttribute(number("alpha", settings.beta1()))
                .addAttribute(number("beta", settings.beta2()))
                .addAttribute(number("epsilon", settings.epsilon()))
                .addAttribute(number("weight_decay", settings.weightDecay()))
                .addAttribute(integer("correct_bias", 1))
                .addAttribute(integer("adam_mode", PYTORCH_MODE))
                .build();
    }

    private static OnnxMl.AttributeProto number(String name, double value) {
        return OnnxMl.AttributeProto.newBuilder()
                .setName(name)
                .setType(OnnxMl.AttributeProto.AttributeType.FLOAT)
                .setF((float) value)
                .build();
    }

    private static OnnxMl.AttributeProto integer(String name, long value) {
        return OnnxMl.AttributeProto.newBuilder()
                .setName(name)
                .setType(OnnxMl.AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    private static OnnxMl.ValueInfoProto tensor(String name, OnnxMl.TensorProto.DataType type) {
        OnnxMl.TypeProto.Tensor tensor = OnnxMl.TypeProto.Tensor.newBuilder()
                .setElemType(type.getNumber())
                .setShape(OnnxMl.TensorShapeProto.newBuilder()
                        .addDim(OnnxMl.TensorShapeProto.Dimension.newBuilder().setDimValue(1)))
                .build();
        return OnnxMl.ValueInfoProto.newBuilder()
                .setName(name)
                .setType(OnnxMl.TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    private static OnnxMl.ValueInfoProto sequence(String name) {
        OnnxMl.TypeProto element = OnnxMl.TypeProto.newBuilder()
                .setTensorType(
                        OnnxMl.TypeProto.Tensor.newBuilder().setElemType(OnnxMl.TensorProto.DataType.FLOAT.getNumber()))
                .build();
        return OnnxMl.ValueInfoProto.newBuilder()
                .setName(name)
                .setType(OnnxMl.TypeProto.newBuilder()
                        .setSequenceType(OnnxMl.TypeProto.Sequence.newBuilder().setElemType(element)))
                .build();
    }
}
