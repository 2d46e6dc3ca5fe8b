package org.dilort.model.llama;

import java.util.ArrayList;
import java.util.List;
import org.dilort.autodiff.Tape;
import org.dilort.model.Attention;
import org.dilort.model.CausalLm;
import org.dilort.model.ConfigJson;
import org.dilort.model.KeyValueCache.KeyValue;
import org.dilort.model.Layers;
import org.dilort.model.ModelSize;
import org.dilort.model.Parameter;
import org.dilort.model.RotaryTables;
import org.dilort.model.TokenStream;
import org.dilort.model.Weights;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Llama (arXiv 2302.13971, 2407.21783).
 *
 * <pre>
 * h = embed(tokens)
 * each layer: h = h + O attend(rotate(Q n), rotate(K n), V n)   with n = rmsnorm(h)
 *             h = h + down(silu(gate n) * up n)                 with n = rmsnorm(h)
 * logits = head rmsnorm(h)
 * </pre>
 */
public final class Llama implements CausalLm {
    private static final String EMBEDDING = "model.embed_tokens.weight";
    private static final String FINAL_NORM = "model.norm.weight";
    private static final String HEAD = "lm_head.weight";

    private final LlamaConfig config;

    public Llama(ConfigJson json) {
        this.config = LlamaConfig.parse(json);
    }

    @Override
    public ModelSize size() {
        return config.size();
    }

    @Override
    public double initializerRange() {
        return config.initializerRange();
    }

    @Override
    public List<Parameter> parameters() {
        ModelSize size = config.size();
        int hidden = size.hidden();
        List<Parameter> parameters = new ArrayList<>();
        parameters.add(Parameter.matrix(EMBEDDING, size.vocabulary(), hidden));
        for (int layer = 0; layer < size.layers(); layer++) {
            addLayer(parameters, "model.layers." + layer + ".", size, hidden);
        }
        parameters.add(Parameter.gain(FINAL_NORM, hidden));
        if (!config.tiedEmbeddings()) {
            parameters.add(Parameter.matrix(HEAD, size.vocabulary(), hidden));
        }
        return parameters;
    }

    private void addLayer(List<Parameter> parameters, String prefix, ModelSize size, int hidden) {
        int queries = size.heads() * size.headSize();
        int keys = size.keyValueHeads() * size.headSize();
        boolean attention = config.attentionBias();
        parameters.add(Parameter.gain(prefix + "input_layernorm.weight", hidden));
        addLinear(parameters, prefix + "self_attn.q_proj", queries, hidden, attention);
        addLinear(parameters, prefix + "self_attn.k_proj", keys, hidden, attention);
        addLinear(parameters, prefix + "self_attn.v_proj", keys, hidden, attention);
        addLinear(parameters, prefix + "self_attn.o_proj", hidden, queries, attention);
        parameters.add(Parameter.gain(prefix + "post_attention_layernorm.weight", hidden));
        addLinear(parameters, prefix + "mlp.gate_proj", config.intermediate(), hidden, config.mlpBias());
        addLinear(parameters, prefix + "mlp.up_proj", config.intermediate(), hidden, config.mlpBias());
        addLinear(parameters, prefix + "mlp.down_proj", hidden, config.intermediate(), config.mlpBias());
    }

    private static void addLinear(List<Parameter> parameters, String name, int out, int in, boolean bias) {
        parameters.add(Parameter.matrix(name + ".weight", out, in));
        if (bias) {
            parameters.add(Parameter.bias(name + ".bias", out));
        }
    }

    @Override
    public Value outputProjection(Weights weights) {
        return weights.get(config.tiedEmbeddings() ? EMBEDDING : HEAD);
    }

    @Override
    public Value hiddenStates(Tape tape, Weights weights, TokenStream tokens) {
        Ops ops = tape.ops();
        ModelSize size = config.size();
        double[] frequencies = config.ropeScaling().frequencies(size.headSize(), config.ropeTheta());
        RotaryTables tables = RotaryTables.of(ops, frequencies, 1, tokens.tablePositions(), tokens.compute());
        Dim count = tokens.rows().times(tokens.length());
        Value flatIds = ops.reshape(tokens.inputIds(), count); // [rows * length]
        Value hidden = ops.gather(weights.get(EMBEDDING), flatIds, 0); // [rows * length, hidden]
        for (int layer = 0; layer < size.layers(); layer++) {
            Layer block = new Layer(ops, weights, layer, tokens, tables);
            hidden = ops.scope("layer" + layer, block.after(hidden));
        }
        return norm(ops, hidden, weights.get(FINAL_NORM));
    }

    private Value norm(Ops ops, Value x, Value scale) {
        return Layers.rmsNorm(ops, x, scale, config.normEpsilon());
    }

    /** One block over {@code [rows * length, hidden]}. */
    private final class Layer {
        private final Ops ops;
        private final Weights weights;
        private final int index;
        private final TokenStream tokens;
        private final RotaryTables tables;

        private Layer(Ops ops, Weights weights, int index, TokenStream tokens, RotaryTables tables) {
            this.ops = ops;
            this.weights = weights;
            this.index = index;
            this.tokens = tokens;
            this.tables = tables;
        }

        private java.util.function.Supplier<Value> after(Value hidden) {
            return () -> {
                Value attended = ops.add(hidden, attention(norm(ops, hidden, weight("input_layernorm.weight"))));
                return ops.add(attended, mlp(norm(ops, attended, weight("post_attention_layernorm.weight"))));
            };
        }

        private Value attention(Value x) {
            ModelSize size = config.size();
            Value query = heads(linear("self_attn.q_proj", x, config.attentionBias()), size.heads());
            Value key = heads(linear("self_attn.k_proj", x, config.attentionBias()), size.keyValueHeads());
            Value value = heads(linear("self_attn.v_proj", x, config.attentionBias()), size.keyValueHeads());
            Value rotatedQuery = tables.rotate(ops, query, tokens.positionIds());
            Value rotatedKey = tables.rotate(ops, key, tokens.positionIds());
            KeyValue seen = tokens.cache().extend(index, rotatedKey, value);
            Value mixed = Attention.attend(ops, rotatedQuery, seen, tokens); // [rows, heads, length, head size]
            return linear("self_attn.o_proj", Attention.mergeHeads(ops, mixed, tokens), config.attentionBias());
        }

        private Value heads(Value x, int count) {
            return Attention.splitHeads(ops, x, tokens, count, config.size().headSize());
        }

        private Value mlp(Value x) {
            Value gate =
                    Layers.silu(ops, linear("mlp.gate_proj", x, config.mlpBias())); // [rows * length, intermediate]
            return linear("mlp.down_proj", ops.mul(gate, linear("mlp.up_proj", x, config.mlpBias())), config.mlpBias());
        }

        private Value linear(String name, Value x, boolean bias) {
            Value weight = weight(name + ".weight");
            return bias ? ops.linear(x, weight, weight(name + ".bias")) : ops.linear(x, weight);
        }

        private Value weight(String name) {
            return weights.get("model.layers." + index + "." + name);
        }
    }
}
