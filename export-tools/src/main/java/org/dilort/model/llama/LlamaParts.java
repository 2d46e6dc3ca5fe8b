package org.dilort.model.llama;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.dilort.model.CausalLm;
import org.dilort.model.ConfigJson;
import org.dilort.model.ModelSize;
import org.dilort.model.blocks.Activation;
import org.dilort.model.blocks.Decoder;
import org.dilort.model.blocks.GatedMlp;
import org.dilort.model.blocks.Heads;
import org.dilort.model.blocks.Heads.Counts;
import org.dilort.model.blocks.Linear;
import org.dilort.model.blocks.Linear.Bias;
import org.dilort.model.blocks.OutputHead;
import org.dilort.model.blocks.Part;
import org.dilort.model.blocks.Residual;
import org.dilort.model.blocks.RmsNorm;
import org.dilort.model.blocks.SelfAttention;
import org.dilort.model.blocks.SeparateHeads;
import org.dilort.model.blocks.SequentialBlock;
import org.dilort.model.blocks.TokenEmbedding;

/** The parts of a Llama under their names in a checkpoint, which most later families took over. */
public record LlamaParts(Numbers numbers) {
    private static final String LAYERS = "model.layers.";

    /** What the parts need to know. */
    public record Numbers(
            ModelSize size,
            int intermediate,
            double normEpsilon,
            Activation activation,
            boolean tiedEmbeddings,
            double initializerRange) {

        public static Numbers read(ConfigJson json, ModelSize size, Activation activation) {
            return new Numbers(
                    size,
                    json.count("intermediate_size"),
                    json.number("rms_norm_eps", 1e-6),
                    activation,
                    json.flag("tie_word_embeddings", false),
                    json.number("initializer_range", 0.02));
        }

        public Numbers withNormEpsilon(double epsilon) {
            return new Numbers(size, intermediate, epsilon, activation, tiedEmbeddings, initializerRange);
        }

        public Numbers withTiedEmbeddings(boolean tied) {
            return new Numbers(size, intermediate, normEpsilon, activation, tied, initializerRange);
        }
    }

    /** The whole model, layer by layer. */
    public CausalLm model(IntFunction<Part> block) {
        ModelSize size = numbers.size();
        TokenEmbedding embedding = TokenEmbedding.of("model.embed_tokens.weight", size);
        List<Part> blocks = IntStream.range(0, size.layers()).mapToObj(block).toList();
        OutputHead head =
                numbers.tiedEmbeddings() ? OutputHead.tied(embedding) : OutputHead.separate("lm_head.weight", size);
        return new Decoder(size, numbers.initializerRange(), embedding, blocks, norm("model.norm"), head);
    }

    /** A norm before the attention and one before the feed-forward layer. */
    public Part block(int layer, SelfAttention attention, Part mlp) {
        return new SequentialBlock(
                Residual.preNorm(norm(layer, "input_layernorm"), attention),
                Residual.preNorm(norm(layer, "post_attention_layernorm"), mlp));
    }

    /** @param queryKeyValue whether these three projections have biases */
    public SelfAttention attention(int layer, Bias queryKeyValue, Bias output) {
        return attention(layer, heads(layer, queryKeyValue), output);
    }

    public SelfAttention attention(int layer, Heads heads, Bias output) {
        Counts counts = Counts.of(numbers.size());
        String module = LAYERS + layer + ".self_attn.o_proj";
        Linear merged = Linear.of(module, counts.queryWidth(), numbers.size().hidden(), output);
        return SelfAttention.of(layer, heads, counts.size(), merged);
    }

    public SeparateHeads heads(int layer, Bias bias) {
        int hidden = numbers.size().hidden();
        Counts counts = Counts.of(numbers.size());
        String module = LAYERS + layer + ".self_attn.";
        return new SeparateHeads(
                counts,
                Linear.of(module + "q_proj", hidden, counts.queryWidth(), bias),
                Linear.of(module + "k_proj", hidden, counts.keyValueWidth(), bias),
                Linear.of(module + "v_proj", hidden, counts.keyValueWidth(), bias));
    }

    public Part mlp(int layer, Bias bias) {
        int hidden = numbers.size().hidden();
        String module = LAYERS + layer + ".mlp.";
        return new GatedMlp(
                Linear.of(module + "gate_proj", hidden, numbers.intermediate(), bias),
                Linear.of(module + "up_proj", hidden, numbers.intermediate(), bias),
                Linear.of(module + "down_proj", numbers.intermediate(), hidden, bias),
                numbers.activation());
    }

    /** A norm over each head of the queries or keys. */
    public RmsNorm headNorm(int layer, String name) {
        return new RmsNorm(LAYERS + layer + ".self_attn." + name, numbers.size().headSize(), numbers.normEpsilon());
    }

    /** Over the hidden states. */
    public Part norm(int layer, String module) {
        return norm(LAYERS + layer + "." + module);
    }

    private Part norm(String module) {
        return new RmsNorm(module, numbers.size().hidden(), numbers.normEpsilon());
    }
}
