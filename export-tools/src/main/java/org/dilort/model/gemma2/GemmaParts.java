package org.dilort.model.gemma2;

import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.dilort.model.CausalLm;
import org.dilort.model.ConfigJson;
import org.dilort.model.ModelSize;
import org.dilort.model.SoftCap;
import org.dilort.model.Window;
import org.dilort.model.blocks.Activation;
import org.dilort.model.blocks.CentredRmsNorm;
import org.dilort.model.blocks.Decoder;
import org.dilort.model.blocks.Linear.Bias;
import org.dilort.model.blocks.OutputHead;
import org.dilort.model.blocks.Part;
import org.dilort.model.blocks.Residual;
import org.dilort.model.blocks.ScaledEmbedding;
import org.dilort.model.blocks.SelfAttention;
import org.dilort.model.blocks.SequentialBlock;
import org.dilort.model.blocks.TokenEmbedding;
import org.dilort.model.llama.LlamaParts;

/**
 * The parts of a Gemma under their names in a checkpoint.
 *
 * @param bias of the projections of the attention
 */
public record GemmaParts(LlamaParts llama, Bias bias) {
    private static final String BIDIRECTIONAL = "use_bidirectional_attention";

    public static GemmaParts read(ConfigJson json, ModelSize size) {
        if (json.flag(BIDIRECTIONAL, false)) {
            throw json.unexpected(BIDIRECTIONAL, "false");
        }
        Activation activation = Activation.read(json, "hidden_activation", "gelu_pytorch_tanh");
        LlamaParts.Numbers numbers = LlamaParts.Numbers.read(json, size, activation)
                .withTiedEmbeddings(json.flag("tie_word_embeddings", true));
        return new GemmaParts(new LlamaParts(numbers), Bias.of(json.flag("attention_bias", false)));
    }

    /** Embeddings times the root of the model's width. */
    public CausalLm model(IntFunction<Part> block, SoftCap logitCap) {
        ModelSize size = llama.numbers().size();
        TokenEmbedding table = TokenEmbedding.of("model.embed_tokens.weight", size);
        OutputHead head =
                llama.numbers().tiedEmbeddings() ? OutputHead.tied(table) : OutputHead.separate("lm_head.weight", size);
        return new Decoder(
                size,
                llama.numbers().initializerRange(),
                new ScaledEmbedding(table, Math.sqrt(size.hidden())),
                IntStream.range(0, size.layers()).mapToObj(block).toList(),
                norm("model.norm", size.hidden()),
                head.withCap(logitCap));
    }

    /** Both halves normalise what goes in and what comes out. */
    public Part block(int layer, SelfAttention attention) {
        return new SequentialBlock(
                residual(layer, "input_layernorm", attention, "post_attention_layernorm"),
                residual(
                        layer, "pre_feedforward_layernorm", llama.mlp(layer, Bias.NONE), "post_feedforward_layernorm"));
    }

    private Residual residual(int layer, String before, Part body, String after) {
        int hidden = llama.numbers().size().hidden();
        String prefix = "model.layers." + layer + ".";
        return new Residual(norm(prefix + before, hidden), body, norm(prefix + after, hidden));
    }

    public SelfAttention attention(int layer) {
        return llama.attention(layer, bias, bias);
    }

    /** A norm over each head of the queries or keys. */
    public Part headNorm(int layer, String name) {
        return norm(
                "model.layers." + layer + ".self_attn." + name,
                llama.numbers().size().headSize());
    }

    private Part norm(String module, int size) {
        return new CentredRmsNorm(module, size, llama.numbers().normEpsilon());
    }

    /** Of the layers that slide; null is no size. */
    public static Window window(ConfigJson json) {
        String key = "sliding_window";
        return new Window(json.isNull(key) ? json.count(key) : json.count(key, 4096));
    }

    /** The bound under {@code key}: none where the configuration says null. */
    public static SoftCap cap(ConfigJson json, String key, SoftCap absent) {
        if (json.isNull(key)) {
            return SoftCap.NONE;
        }
        return json.has(key) ? new SoftCap(json.number(key)) : absent;
    }
}
