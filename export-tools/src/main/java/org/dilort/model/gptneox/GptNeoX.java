package org.dilort.model.gptneox;

import java.util.List;
import java.util.stream.IntStream;
import org.dilort.model.CausalLm;
import org.dilort.model.ConfigJson;
import org.dilort.model.ModelSize;
import org.dilort.model.RotaryConfig;
import org.dilort.model.RotaryConfig.Basis;
import org.dilort.model.RunLength;
import org.dilort.model.blocks.Activation;
import org.dilort.model.blocks.Decoder;
import org.dilort.model.blocks.FusedHeads;
import org.dilort.model.blocks.Heads.Counts;
import org.dilort.model.blocks.LayerNorm;
import org.dilort.model.blocks.Linear;
import org.dilort.model.blocks.Linear.Bias;
import org.dilort.model.blocks.Mlp;
import org.dilort.model.blocks.OutputHead;
import org.dilort.model.blocks.ParallelBlock;
import org.dilort.model.blocks.Part;
import org.dilort.model.blocks.Residual;
import org.dilort.model.blocks.Rotary;
import org.dilort.model.blocks.SelfAttention;
import org.dilort.model.blocks.SequentialBlock;
import org.dilort.model.blocks.TokenEmbedding;

/**
 * GPT-NeoX (arXiv 2204.06745) and Pythia (arXiv 2304.01373).
 *
 * <pre>
 * h = embed(tokens)
 * each layer: h = h + dense attend(rotate(Q n), rotate(K n), V n) + down(gelu(up m))
 *             with n = layernorm(h), m = another layernorm(h)
 * logits = head layernorm(h)
 * </pre>
 *
 * <p>Without {@code use_parallel_residual} the feed-forward layer reads what the attention has given.
 */
public final class GptNeoX {
    private final ModelSize size;
    private final Rotary rotary;
    private final Activation activation;
    private final int intermediate;
    private final double normEpsilon;
    private final Bias attentionBias;
    private final boolean parallel;

    private GptNeoX(ConfigJson json, RunLength length) {
        ModelSize read = ModelSize.read(json, 2048);
        if (read.keyValueHeads() != read.heads()) {
            throw json.unexpected("num_key_value_heads", "num_attention_heads = " + read.heads());
        }
        Basis basis = Basis.of(read, json.number("rotary_emb_base", 10000), length)
                .withDimensions(RotaryConfig.dimensions(json, "rotary_pct", read.headSize(), 0.25));
        RotaryConfig config = RotaryConfig.read(json, basis);
        this.size = config.bounded(read);
        this.rotary = Rotary.of(config);
        this.activation = Activation.read(json, "hidden_act", "gelu");
        this.intermediate = json.count("intermediate_size");
        this.normEpsilon = json.number("layer_norm_eps", 1e-5);
        this.attentionBias = Bias.of(json.flag("attention_bias", true));
        this.parallel = json.flag("use_parallel_residual", true);
    }

    public static CausalLm of(ConfigJson json, RunLength length) {
        GptNeoX family = new GptNeoX(json, length);
        ModelSize size = family.size;
        TokenEmbedding embedding = TokenEmbedding.of("gpt_neox.embed_in.weight", size);
        List<Part> blocks =
                IntStream.range(0, size.layers()).mapToObj(family::block).toList();
        OutputHead head = json.flag("tie_word_embeddings", false)
                ? OutputHead.tied(embedding)
                : OutputHead.separate("embed_out.weight", size);
        Part norm = family.norm("gpt_neox.final_layer_norm");
        return new Decoder(size, json.number("initializer_range", 0.02), embedding, blocks, norm, head);
    }

    private Part block(int layer) {
        String prefix = "gpt_neox.layers." + layer + ".";
        Residual attention = Residual.preNorm(norm(prefix + "input_layernorm"), attention(layer, prefix));
        Residual mlp = Residual.preNorm(norm(prefix + "post_attention_layernorm"), mlp(prefix));
        return parallel ? new ParallelBlock(attention, mlp) : new SequentialBlock(attention, mlp);
    }

    private SelfAttention attention(int layer, String prefix) {
        int hidden = size.hidden();
        Counts counts = Counts.of(size);
        Linear fused = Linear.of(prefix + "attention.query_key_value", hidden, FusedHeads.width(counts), attentionBias);
        Linear dense = Linear.of(prefix + "attention.dense", counts.queryWidth(), hidden, attentionBias);
        FusedHeads heads = new FusedHeads(counts, fused, FusedHeads.Order.HEAD_BY_HEAD);
        return SelfAttention.of(layer, heads, counts.size(), dense).withPositions(rotary);
    }

    private Mlp mlp(String prefix) {
        int hidden = size.hidden();
        return new Mlp(
                Linear.of(prefix + "mlp.dense_h_to_4h", hidden, intermediate, Bias.ADDED),
                Linear.of(prefix + "mlp.dense_4h_to_h", intermediate, hidden, Bias.ADDED),
                activation);
    }

    private LayerNorm norm(String module) {
        return new LayerNorm(module, size.hidden(), normEpsilon);
    }
}
