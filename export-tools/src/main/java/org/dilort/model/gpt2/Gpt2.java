package org.dilort.model.gpt2;

import java.util.List;
import java.util.stream.IntStream;
import org.dilort.model.Attention.Scores;
import org.dilort.model.CausalLm;
import org.dilort.model.ConfigJson;
import org.dilort.model.ModelSize;
import org.dilort.model.Parameter;
import org.dilort.model.RunLength;
import org.dilort.model.SoftCap;
import org.dilort.model.blocks.Activation;
import org.dilort.model.blocks.Decoder;
import org.dilort.model.blocks.FusedHeads;
import org.dilort.model.blocks.Heads.Counts;
import org.dilort.model.blocks.LayerNorm;
import org.dilort.model.blocks.Linear;
import org.dilort.model.blocks.Linear.Bias;
import org.dilort.model.blocks.Mlp;
import org.dilort.model.blocks.OutputHead;
import org.dilort.model.blocks.Part;
import org.dilort.model.blocks.PositionedEmbedding;
import org.dilort.model.blocks.Residual;
import org.dilort.model.blocks.SelfAttention;
import org.dilort.model.blocks.SequentialBlock;
import org.dilort.model.blocks.TokenEmbedding;

/**
 * GPT-2 (Radford et al., 2019).
 *
 * <pre>
 * h = embed(tokens) + embed(positions)
 * each layer: h = h + proj attend(Q n, K n, V n)   with n = layernorm(h)
 *             h = h + proj(gelu(fc n))             with n = layernorm(h)
 * logits = embed' layernorm(h)
 * </pre>
 */
public final class Gpt2 {
    private final ModelSize size;
    private final int intermediate;
    private final double normEpsilon;
    private final Activation activation;
    private final boolean scaled;
    private final boolean scaledByLayer;

    private Gpt2(ConfigJson json) {
        this.size = size(json);
        this.intermediate = json.count("n_inner", 4 * size.hidden());
        this.normEpsilon = json.number("layer_norm_epsilon", 1e-5);
        this.activation = Activation.read(json, "activation_function", "gelu_new");
        this.scaled = json.flag("scale_attn_weights", true);
        this.scaledByLayer = json.flag("scale_attn_by_inverse_layer_idx", false);
        if (json.flag("add_cross_attention", false)) {
            throw json.unexpected("add_cross_attention", "false");
        }
    }

    private static ModelSize size(ConfigJson json) {
        int hidden = json.count("n_embd", 768);
        int heads = json.count("n_head", 12);
        if (hidden % heads != 0) {
            throw json.unexpected("n_embd", "a multiple of n_head = " + heads);
        }
        return new ModelSize(
                json.count("vocab_size", 50257),
                hidden,
                json.count("n_layer", 12),
                heads,
                heads,
                hidden / heads,
                json.count("n_positions", 1024));
    }

    public static CausalLm of(ConfigJson json, RunLength length) {
        Gpt2 family = new Gpt2(json);
        ModelSize size = family.size;
        TokenEmbedding tokens = TokenEmbedding.of("transformer.wte.weight", size);
        Parameter positions = Parameter.matrix("transformer.wpe.weight", size.maxPositions(), size.hidden());
        List<Part> blocks =
                IntStream.range(0, size.layers()).mapToObj(family::block).toList();
        OutputHead head = json.flag("tie_word_embeddings", true)
                ? OutputHead.tied(tokens)
                : OutputHead.separate("lm_head.weight", size);
        return new Decoder(
                size,
                json.number("initializer_range", 0.02),
                new PositionedEmbedding(tokens, positions),
                blocks,
                family.norm("transformer.ln_f"),
                head);
    }

    private Part block(int layer) {
        String prefix = "transformer.h." + layer + ".";
        return new SequentialBlock(
                Residual.preNorm(norm(prefix + "ln_1"), attention(layer, prefix + "attn.")),
                Residual.preNorm(norm(prefix + "ln_2"), mlp(prefix + "mlp.")));
    }

    private SelfAttention attention(int layer, String prefix) {
        int hidden = size.hidden();
        Counts counts = Counts.of(size);
        FusedHeads heads = new FusedHeads(
                counts,
                Linear.transposed(prefix + "c_attn", hidden, FusedHeads.width(counts), Bias.ADDED),
                FusedHeads.Order.BLOCKS);
        return SelfAttention.of(
                        layer, heads, counts.size(), Linear.residual(prefix + "c_proj", hidden, hidden, Bias.ADDED))
                .withScores(scores(layer));
    }

    private Scores scores(int layer) {
        double scale = scaled ? 1 / Math.sqrt(size.headSize()) : 1;
        return new Scores(scaledByLayer ? scale / (layer + 1) : scale, SoftCap.NONE);
    }

    private Mlp mlp(String prefix) {
        int hidden = size.hidden();
        return new Mlp(
                Linear.transposed(prefix + "c_fc", hidden, intermediate, Bias.ADDED),
                Linear.residual(prefix + "c_proj", intermediate, hidden, Bias.ADDED),
                activation);
    }

    private LayerNorm norm(String module) {
        return new LayerNorm(module, size.hidden(), normEpsilon);
    }
}
