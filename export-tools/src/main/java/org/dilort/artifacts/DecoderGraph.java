package org.dilort.artifacts;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.dilort.autodiff.Form;
import org.dilort.autodiff.Tape;
import org.dilort.model.AttentionMasks;
import org.dilort.model.CausalLm;
import org.dilort.model.KeyValueCache;
import org.dilort.model.ModelSize;
import org.dilort.model.QueryChunks;
import org.dilort.model.TokenStream;
import org.dilort.model.TrunkAndBranches;
import org.dilort.model.Weights;
import org.dilort.model.Window;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Graph;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Shape;
import org.dilort.onnx.Value;

/**
 * The serving graph: {@code input_ids, attention_mask, position_ids, past_key_values.N.{key,value} -> logits,
 * present.N.{key,value}}, with the names, types and dimensions that Optimum, transformers.js and onnxruntime-genai
 * read. Logits exist for all positions; the cache is a plain concatenation.
 */
public final class DecoderGraph {
    public static final String ATTENTION_MASK = "attention_mask";
    public static final String LOGITS = "logits";
    private static final Dim BATCH = Dim.of("batch_size");
    private static final Dim LENGTH = Dim.of("sequence_length");
    private static final Dim PAST = Dim.of("past_sequence_length");
    private static final Dim TOTAL = Dim.of("total_sequence_length");
    private static final Dim HEAD_SIZE = Dim.of("head_size");

    private final GraphBuilder graph = new GraphBuilder("decoder");
    private final Ops ops = new Ops(graph);
    private final ModelSize size;
    private final List<KeyValueCache.KeyValue> past = new ArrayList<>();
    private final List<KeyValueCache.KeyValue> present = new ArrayList<>();

    private DecoderGraph(ModelSize size) {
        this.size = size;
    }

    public static String pastName(int layer, String part) {
        return "past_key_values." + layer + "." + part;
    }

    public static String presentName(int layer, String part) {
        return "present." + layer + "." + part;
    }

    public static Graph build(CausalLm model, Function<String, StoredWeight> stored) {
        DecoderGraph decoder = new DecoderGraph(model.size());
        decoder.writeTo(model, stored);
        return decoder.withServedHeadSize(decoder.graph.build());
    }

    /**
     * Where heads times head size is not the hidden size, the cache inputs leave the head size open: Optimum derives it
     * from the hidden size and refuses another number.
     */
    private Graph withServedHeadSize(Graph built) {
        if (size.heads() * size.headSize() == size.hidden()) {
            return built;
        }
        List<Value> inputs = built.inputs().stream()
                .map(input -> input.rank() == 4
                        ? new Value(
                                input.name(),
                                input.type().withShape(input.shape().with(3, HEAD_SIZE)))
                        : input)
                .toList();
        return new Graph(built.name(), inputs, built.outputs(), built.constants(), built.externals(), built.nodes());
    }

    private void writeTo(CausalLm model, Function<String, StoredWeight> stored) {
        Value inputIds = graph.input("input_ids", DType.INT64, BATCH, LENGTH);
        Value attentionMask = graph.input(ATTENTION_MASK, DType.INT64, BATCH, TOTAL);
        Value positionIds = graph.input("position_ids", DType.INT64, BATCH, LENGTH);
        for (int layer = 0; layer < size.layers(); layer++) {
            past.add(new KeyValueCache.KeyValue(pastInput(layer, "key"), pastInput(layer, "value")));
        }
        Tape tape = new Tape(ops, Form.PLAIN);
        Weights weights = WeightInitializers.declare(tape, model, stored);
        TokenStream tokens = new TokenStream(
                inputIds,
                positionIds,
                new AttentionMasks(window -> mask(attentionMask, positionIds, window)),
                this::extend,
                size.maxPositions(),
                QueryChunks.WHOLE,
                DType.FLOAT);
        Value hidden = model.hiddenStates(tape, weights, tokens);
        Value logits = model.outputProjection(weights).logits(ops, hidden); // [batch * length, vocabulary]
        graph.output(LOGITS, ops.reshape(logits, BATCH, LENGTH, Dim.of(size.vocabulary())));
        for (int layer = 0; layer < size.layers(); layer++) {
            graph.output(presentName(layer, "key"), present.get(layer).key());
            graph.output(presentName(layer, "value"), present.get(layer).value());
        }
    }

    private Value pastInput(int layer, String part) {
        return graph.input(
                pastName(layer, part), DType.FLOAT, BATCH, Dim.of(size.keyValueHeads()), PAST, Dim.of(size.headSize()));
    }

    private KeyValueCache.KeyValue extend(int layer, Value key, Value value) {
        KeyValueCache.KeyValue earlier = past.get(layer);
        KeyValueCache.KeyValue all =
                new KeyValueCache.KeyValue(append(earlier.key(), key), append(earlier.value(), value));
        present.add(all);
        return all;
    }

    private Value append(Value earlier, Value now) {
        Shape whole = now.shape().with(2, TOTAL);
        return graph.relabel(ops.concat(2, earlier, now), whole);
    }

    /**
     * Token i of this call stands at column past + i; it sees the columns up to its own that are not padding and whose
     * positions lie in the window. A column's position is the number of real tokens before it.
     */
    private Value mask(Value attentionMask, Value positionIds, Window window) {
        Value earlier = ops.sub(ops.dimension(TOTAL), ops.dimension(LENGTH)); // [1]
        Value own = ops.unsqueeze(ops.add(ops.range(LENGTH), earlier), 1); // [length, 1]
        Value notLater = ops.lessOrEqual(ops.range(TOTAL), own); // [length, total]
        Value real = ops.greater(ops.unsqueeze(attentionMask, 1), ops.scalar(attentionMask, 0)); // [batch, 1, total]
        Value seen = ops.and(notLater, real); // [batch, length, total]
        return TrunkAndBranches.additive(
                ops,
                window.isUnbounded() ? seen : ops.and(seen, near(attentionMask, positionIds, window)),
                DType.FLOAT);
    }

    /** Bool {@code [batch, length, total]}: position_i - (count_j - 1) &lt; window, counting real tokens. */
    private Value near(Value attentionMask, Value positionIds, Window window) {
        Value counts = ops.unsqueeze(ops.cumulativeSum(attentionMask, 1), 1); // [batch, 1, total]
        Value distance = ops.sub(ops.unsqueeze(positionIds, 2), counts);
        return ops.lessOrEqual(distance, ops.scalar(distance, window.tokens() - 2));
    }
}
