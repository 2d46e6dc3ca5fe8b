package org.dilort.model.llama;

import org.dilort.model.CausalLm;
import org.dilort.model.ConfigJson;
import org.dilort.model.RunLength;
import org.dilort.model.blocks.Rotary;

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
public final class Llama {
    private Llama() {}

    public static CausalLm of(ConfigJson json, RunLength length) {
        LlamaConfig config = LlamaConfig.parse(json);
        LlamaParts parts = new LlamaParts(config.numbers());
        Rotary rotary = Rotary.of(config.rotary(), config.numbers().size().headSize());
        return parts.model(layer -> parts.block(
                layer,
                parts.attention(layer, config.attentionBias(), config.attentionBias())
                        .withPositions(rotary),
                parts.mlp(layer, config.mlpBias())));
    }
}
