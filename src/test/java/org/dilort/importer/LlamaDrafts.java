package org.dilort.importer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.dilort.onnx.DType;
import org.dilort.testing.Array;
import org.dilort.testing.GoldenModel;

/**
 * The golden Llama with two layers, four heads and two key-value heads of 8, positions over 4, written by hand in the ways of two
 * exporters. Matrices of linear layers are stored {@code [in, out]} and called after their layer.
 */
public final class LlamaDrafts {
    public static final String GOLDEN = "llama_rope_linear";
    private static final int LAYERS = 2;
    private static final int HEADS = 4;
    private static final int GROUPS = 2;
    private static final int SIZE = 8;
    private static final double EPSILON = 1e-6;
    private static final double FACTOR = 4;

    private final Map<String, Array> weights = GoldenModel.load(GOLDEN).weights();
    private final OnnxDraft draft;

    private LlamaDrafts(OnnxDraft draft) {
        this.draft = draft;
    }

    /** Where positions enter; ONNX Runtime's attention takes them for heads of a multiple of 16 alone. */
    public enum Rotary {
        IN_ATTENTION,
        BEFORE_ATTENTION
    }

    /** As onnxruntime-genai's model builder does: fused attention, rotary tables, norms joined with residual sums. */
    public static Path fused(Path file, Rotary rotary) {
        LlamaDrafts llama = new LlamaDrafts(new OnnxDraft(21));
        llama.declare();
        llama.fusedLayers(rotary);
        return llama.draft.write(file);
    }

    /** As PyTorch's exporter does: plain operators, every shape computed from the shapes of values. */
    public static Path traced(Path file) {
        LlamaDrafts llama = new LlamaDrafts(new OnnxDraft(14));
        llama.declare();
        llama.tracedLayers();
        return llama.draft.write(file);
    }

    private void declare() {
        draft.input("input_ids", DType.INT64, "batch_size", "sequence_length");
        draft.input("attention_mask", DType.INT64, "batch_size", "total_sequence_length");
        draft.output("logits", DType.FLOAT, "batch_size", "sequence_length", 97);
        for (int layer = 0; layer < LAYERS; layer++) {
            for (String part : List.of("key", "value")) {
                draft.input(past(layer, part), DType.FLOAT, "batch_size", GROUPS, "past_sequence_length", SIZE);
                draft.output(present(layer, part), DType.FLOAT, "batch_size", GROUPS, "total_sequence_length", SIZE);
            }
        }
    }

    private static String past(int layer, String part) {
        return "past_key_values." + layer + "." + part;
    }

    private static String present(int layer, String part) {
        return "present." + layer + "." + part;
    }

    private String vector(String name) {
        Array array = weights.get(name);
        return draft.weights(name, array.values(), array.shape());
    }

    /** x W of a layer whose weight is stored transposed. */
    private String linear(String x, String layer) {
        Array array = weights.get(layer + ".weight");
        int out = (int) array.shape()[0];
        int in = (int) array.shape()[1];
        double[] transposed = new double[in * out];
        for (int i = 0; i < out; i++) {
            for (int j = 0; j < in; j++) {
                transposed[j * out + i] = array.values()[i * in + j];
            }
        }
        return draft.node("MatMul", List.of(x, draft.weights(layer + ".MatMul.weight", transposed, in, out)));
    }

    /** The table of embeddings is the projection's weight too. */
    private String tiedHead(String x, String table) {
        String weight = draft.node("Transpose", List.of(table), "perm", new long[] {1, 0});
        return draft.node("MatMul", List.of(x, weight));
    }

    private static String layer(int layer, String name) {
        return "model.layers." + layer + "." + name;
    }

    private String feedForward(String x, int layer) {
        String gate = linear(x, layer(layer, "mlp.gate_proj"));
        String active = draft.node("Mul", List.of(gate, draft.node("Sigmoid", List.of(gate))));
        String up = linear(x, layer(layer, "mlp.up_proj"));
        return linear(draft.node("Mul", List.of(active, up)), layer(layer, "mlp.down_proj"));
    }

    private void fusedLayers(Rotary rotary) {
        boolean inside = rotary == Rotary.IN_ATTENTION;
        if (!inside) {
            draft.input("position_ids", DType.INT64, "batch_size", "sequence_length");
        }
        String sum = draft.node("ReduceSum", List.of("attention_mask", draft.ints(1)));
        String less = draft.node("Sub", List.of(sum, draft.ints(1)));
        String lengths = draft.node("Cast", List.of(less), "to", DType.INT32.onnxNumber());
        String shape = draft.node("Shape", List.of("attention_mask"));
        String total = draft.node("Gather", List.of(shape, draft.scalar(1)), "axis", 0);
        String total32 = draft.node("Cast", List.of(total), "to", DType.INT32.onnxNumber());
        String cos = draft.weights("cos_cache", angles(true), 64, SIZE / 2);
        String sin = draft.weights("sin_cache", angles(false), 64, SIZE / 2);
        String table = vector("model.embed_tokens.weight");
        String residual = draft.node("Gather", List.of(table, "input_ids"));
        String x = draft.node(
                "SimplifiedLayerNormalization",
                List.of(residual, vector(layer(0, "input_layernorm.weight"))),
                "epsilon",
                EPSILON);
        for (int layer = 0; layer < LAYERS; layer++) {
            String query = linear(x, layer(layer, "self_attn.q_proj"));
            String key = linear(x, layer(layer, "self_attn.k_proj"));
            List<String> tables = inside ? List.of(cos, sin) : List.of();
            List<String> inputs = new ArrayList<>(List.of(
                    inside ? query : rotary(query, cos, sin, HEADS),
                    inside ? key : rotary(key, cos, sin, GROUPS),
                    linear(x, layer(layer, "self_attn.v_proj")),
                    past(layer, "key"),
                    past(layer, "value"),
                    lengths,
                    total32));
            inputs.addAll(tables);
            List<String> attention = draft.node(
                    OnnxDraft.MICROSOFT,
                    "GroupQueryAttention",
                    inputs,
                    3,
                    "num_heads",
                    HEADS,
                    "kv_num_heads",
                    GROUPS,
                    "do_rotary",
                    inside ? 1 : 0,
                    "rotary_interleaved",
                    0,
                    "local_window_size",
                    -1,
                    "scale",
                    1 / Math.sqrt(SIZE));
            draft.name(attention.get(1), present(layer, "key"));
            draft.name(attention.get(2), present(layer, "value"));
            String mixed = linear(attention.get(0), layer(layer, "self_attn.o_proj"));
            List<String> middle = skipNorm(residual, mixed, layer(layer, "post_attention_layernorm.weight"));
            String next = layer + 1 < LAYERS ? layer(layer + 1, "input_layernorm.weight") : "model.norm.weight";
            List<String> end = skipNorm(middle.get(3), feedForward(middle.get(0), layer), next);
            x = end.get(0);
            residual = end.get(3);
        }
        draft.name(tiedHead(x, table), "logits");
    }

    private String rotary(String x, String cos, String sin, int heads) {
        List<String> inputs = List.of(x, "position_ids", cos, sin);
        return draft.node(OnnxDraft.MICROSOFT, "RotaryEmbedding", inputs, 1, "num_heads", heads)
                .get(0);
    }

    private List<String> skipNorm(String residual, String x, String gain) {
        return draft.node(
                OnnxDraft.MICROSOFT,
                "SkipSimplifiedLayerNormalization",
                List.of(residual, x, vector(gain)),
                4,
                "epsilon",
                EPSILON);
    }

    private static double[] angles(boolean cosine) {
        double[] table = new double[64 * SIZE / 2];
        for (int position = 0; position < 64; position++) {
            for (int i = 0; i < SIZE / 2; i++) {
                double angle = position / FACTOR * Math.pow(10000, -2.0 * i / SIZE);
                table[position * SIZE / 2 + i] = cosine ? Math.cos(angle) : Math.sin(angle);
            }
        }
        return table;
    }

    private void tracedLayers() {
        draft.input("position_ids", DType.INT64, "batch_size", "sequence_length");
        String length = dim("input_ids", 1);
        String total = draft.node("Add", List.of(length, dim(past(0, "key"), 2)));
        String mask = causalMask(length, total);
        String[] angles = tracedAngles();
        String table = vector("model.embed_tokens.weight");
        String x = draft.node("Gather", List.of(table, "input_ids"));
        for (int layer = 0; layer < LAYERS; layer++) {
            String normed = rmsNorm(x, layer(layer, "input_layernorm.weight"));
            String mixed = tracedAttention(normed, layer, angles, mask);
            x = draft.node("Add", List.of(x, linear(mixed, layer(layer, "self_attn.o_proj"))));
            String again = rmsNorm(x, layer(layer, "post_attention_layernorm.weight"));
            x = draft.node("Add", List.of(x, feedForward(again, layer)));
        }
        draft.name(tiedHead(rmsNorm(x, "model.norm.weight"), table), "logits");
    }

    /** A dimension as a scalar. */
    private String dim(String value, int axis) {
        return draft.node("Gather", List.of(draft.node("Shape", List.of(value)), draft.scalar(axis)), "axis", 0);
    }

    private String vectorOf(String... scalars) {
        List<String> parts = Arrays.stream(scalars)
                .map(scalar -> draft.node("Unsqueeze", List.of(scalar, draft.ints(0))))
                .toList();
        return draft.node("Concat", parts, "axis", 0);
    }

    /** {@code [batch, 1, length, total]}: 0 where seen, else a great negative number. */
    private String causalMask(String length, String total) {
        String past = dim(past(0, "key"), 2);
        String rows = draft.node("Range", List.of(past, total, draft.scalar(1)));
        String columns = draft.node("Range", List.of(draft.scalar(0), total, draft.scalar(1)));
        String later = draft.node(
                "Greater",
                List.of(columns, draft.node("Reshape", List.of(rows, draft.ints(-1, 1))))); // [length, total]
        String batch = dim("input_ids", 0);
        String target = vectorOf(batch, draft.scalar(1), length, total);
        String spread = expand(draft.node("Cast", List.of(later), "to", DType.FLOAT.onnxNumber()), target);
        String real = draft.node("Cast", List.of("attention_mask"), "to", DType.FLOAT.onnxNumber());
        String padded = draft.node("Sub", List.of(draft.number(1), real));
        String wide = draft.node("Unsqueeze", List.of(padded, draft.ints(1, 2)));
        String hidden = draft.node("Add", List.of(spread, wide));
        String any = draft.node("Cast", List.of(hidden), "to", DType.BOOL.onnxNumber());
        return draft.node("Where", List.of(any, draft.number(-3.4e38), draft.number(0)));
    }

    /** torch.expand: -1 in a shape means the dimension that is there. */
    private String expand(String value, String target) {
        String ones = draft.node("ConstantOfShape", List.of(draft.ints(4)), "value", 1L);
        String minus = draft.node("Mul", List.of(ones, draft.scalar(-1)));
        String kept = draft.node("Equal", List.of(target, minus));
        return draft.node("Expand", List.of(value, draft.node("Where", List.of(kept, ones, target))));
    }

    /** Cosines and sines {@code [batch, 1, length, size]}. */
    private String[] tracedAngles() {
        double[] frequencies = new double[SIZE / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = 1 / FACTOR * Math.pow(10000, -2.0 * i / SIZE);
        }
        String inverse = draft.weights("onnx::Expand_77", frequencies, 1, SIZE / 2, 1);
        String batch = dim("position_ids", 0);
        String target = vectorOf(batch, draft.scalar(SIZE / 2), draft.scalar(1));
        String spread = draft.node("Expand", List.of(inverse, target));
        String positions = draft.node("Unsqueeze", List.of("position_ids", draft.ints(1)));
        String floats = draft.node("Cast", List.of(positions), "to", DType.FLOAT.onnxNumber());
        String angles = draft.node(
                "Transpose", List.of(draft.node("MatMul", List.of(spread, floats))), "perm", new long[] {0, 2, 1});
        String both = draft.node("Concat", List.of(angles, angles), "axis", -1);
        String[] results = new String[2];
        for (int i = 0; i < 2; i++) {
            String table = draft.node(i == 0 ? "Cos" : "Sin", List.of(both));
            results[i] = draft.node("Unsqueeze", List.of(table, draft.ints(1)));
        }
        return results;
    }

    private String rmsNorm(String x, String gain) {
        String square = draft.node("Pow", List.of(x, draft.number(2)));
        String mean = draft.node("ReduceMean", List.of(square), "axes", new long[] {-1}, "keepdims", 1);
        String root = draft.node("Sqrt", List.of(draft.node("Add", List.of(mean, draft.number(EPSILON)))));
        String inverse = draft.node("Div", List.of(draft.number(1), root));
        return draft.node("Mul", List.of(vector(gain), draft.node("Mul", List.of(x, inverse))));
    }

    private String tracedAttention(String x, int layer, String[] angles, String mask) {
        String query = rotated(heads(linear(x, layer(layer, "self_attn.q_proj")), x), angles);
        String newKey = rotated(heads(linear(x, layer(layer, "self_attn.k_proj")), x), angles);
        String newValue = heads(linear(x, layer(layer, "self_attn.v_proj")), x);
        String key = draft.node("Concat", List.of(past(layer, "key"), newKey), "axis", 2);
        String value = draft.node("Concat", List.of(past(layer, "value"), newValue), "axis", 2);
        draft.name(key, present(layer, "key"));
        draft.name(value, present(layer, "value"));
        String transposed = draft.node("Transpose", List.of(repeated(key)), "perm", new long[] {0, 1, 3, 2});
        String products = draft.node("MatMul", List.of(query, transposed));
        String size =
                draft.node("Sqrt", List.of(draft.node("Cast", List.of(dim(query, 3)), "to", DType.FLOAT.onnxNumber())));
        String scores = draft.node("Add", List.of(draft.node("Div", List.of(products, size)), mask));
        String shares = draft.node("Softmax", List.of(scores), "axis", -1);
        String mixed = draft.node("MatMul", List.of(shares, repeated(value)));
        String moved = draft.node("Transpose", List.of(mixed), "perm", new long[] {0, 2, 1, 3});
        String target = vectorOf(dim(x, 0), dim(x, 1), draft.scalar(HEADS * SIZE));
        return draft.node("Reshape", List.of(moved, target));
    }

    /** {@code [batch, length, width] -> [batch, heads, length, size]}. */
    private String heads(String x, String like) {
        String target = vectorOf(dim(like, 0), dim(like, 1), draft.scalar(-1), draft.scalar(SIZE));
        return draft.node(
                "Transpose", List.of(draft.node("Reshape", List.of(x, target))), "perm", new long[] {0, 2, 1, 3});
    }

    private String rotated(String x, String[] angles) {
        String half = draft.node("Div", List.of(dim(x, 3), draft.scalar(2)));
        String middle = draft.node("Unsqueeze", List.of(half, draft.ints(0)));
        String first = draft.node("Slice", List.of(x, draft.ints(0), middle, draft.ints(3), draft.ints(1)));
        String second =
                draft.node("Slice", List.of(x, middle, draft.ints(Long.MAX_VALUE), draft.ints(3), draft.ints(1)));
        String turned = draft.node("Concat", List.of(draft.node("Neg", List.of(second)), first), "axis", -1);
        String kept = draft.node("Mul", List.of(x, angles[0]));
        return draft.node("Add", List.of(kept, draft.node("Mul", List.of(turned, angles[1]))));
    }

    /** Each key-value head for the two query heads of its group. */
    private String repeated(String x) {
        String five = draft.node("Unsqueeze", List.of(x, draft.ints(2)));
        String target = vectorOf(dim(x, 0), dim(x, 1), draft.scalar(2), dim(x, 2), dim(x, 3));
        String spread = draft.node("Expand", List.of(five, target));
        String heads = draft.node("Mul", List.of(dim(x, 1), draft.scalar(2)));
        return draft.node("Reshape", List.of(spread, vectorOf(dim(x, 0), heads, dim(x, 2), dim(x, 3))));
    }
}
