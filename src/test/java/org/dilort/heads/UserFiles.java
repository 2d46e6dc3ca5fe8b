package org.dilort.heads;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.OnnxWriter;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Tensor;
import org.dilort.onnx.Value;

/** Heads as a user may write them. */
public final class UserFiles {
    private UserFiles() {}

    /** The three inputs of a head on log-ratios, their batch named otherwise than ours. */
    public record Inputs(Ops ops, Value policy, Value reference, Value lengths) {

        public Value coefficient(String name, double value) {
            return ops.graph().constant(name, Tensor.scalar(DType.FLOAT, value));
        }

        /** {@code [batch]}. */
        public Value column(Value sides, int side) {
            return ops.squeeze(ops.slice(sides, 1, side, side + 1L), 1);
        }

        public void outputs(Value losses, Value rewards) {
            ops.graph().output("losses", losses);
            ops.graph().output("rewards", rewards);
        }
    }

    public static byte[] file(Map<String, String> metadata, BiConsumer<Inputs, Value> body) {
        GraphBuilder graph = new GraphBuilder("user");
        Dim batch = Dim.of("batch");
        Value policy = graph.input("policy_logps", DType.FLOAT, batch, Dim.of(2));
        Value reference = graph.input("reference_logps", DType.FLOAT, batch, Dim.of(2));
        Value lengths = graph.input("lengths", DType.FLOAT, batch, Dim.of(2));
        Ops ops = new Ops(graph);
        body.accept(new Inputs(ops, policy, reference, lengths), ops.sub(policy, reference));
        return OnnxWriter.toBytes(graph.build(), new TreeMap<>(metadata));
    }

    /** {@code strength} times the squared distance of the log-ratios' difference from {@code target}. */
    public static byte[] square(Map<String, String> metadata) {
        return file(metadata, (in, ratios) -> {
            Ops ops = in.ops();
            Value margin = ops.sub(in.column(ratios, 0), in.column(ratios, 1));
            Value distance = ops.sub(margin, in.coefficient("target", 3));
            Value strength = in.coefficient("strength", 0.1);
            in.outputs(ops.mul(ops.mul(distance, distance), strength), ratios);
        });
    }
}
