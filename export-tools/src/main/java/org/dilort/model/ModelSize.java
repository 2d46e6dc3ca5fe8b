package org.dilort.model;

/**
 * The numbers of a model that code outside its family needs.
 *
 * @param maxPositions the longest sequence that the model was made for
 */
public record ModelSize(
        int vocabulary, int hidden, int layers, int heads, int keyValueHeads, int headSize, int maxPositions) {
    /** More than any model's width; keeps products of sizes within an int. */
    private static final int WIDEST = 1 << 24;

    /** Under the keys that Llama brought and most families took over; a head's size follows from the width if it is not given. */
    public static ModelSize read(ConfigJson json, int defaultMaxPositions) {
        int hidden = json.count("hidden_size");
        int heads = json.count("num_attention_heads");
        if (!json.has("head_dim") && hidden % heads != 0) {
            throw json.unexpected("hidden_size", "a multiple of num_attention_heads = " + heads + ", or head_dim");
        }
        return read(json, defaultMaxPositions, Math.max(1, hidden / heads));
    }

    /** The same for a family whose heads are {@code defaultHeadSize} wide if the configuration does not say it. */
    public static ModelSize read(ConfigJson json, int defaultMaxPositions, int defaultHeadSize) {
        int heads = json.count("num_attention_heads");
        int keyValueHeads = json.count("num_key_value_heads", heads);
        if (heads % keyValueHeads != 0) {
            throw json.unexpected("num_attention_heads", "a multiple of num_key_value_heads = " + keyValueHeads);
        }
        int headSize = json.count("head_dim", defaultHeadSize);
        if (headSize % 2 != 0) {
            throw json.failure("head_dim", "got " + headSize + ", expected an even number");
        }
        if ((long) heads * headSize > WIDEST) {
            throw json.failure(
                    "head_dim", "got " + headSize + " for " + heads + " heads, expected at most " + WIDEST + " in all");
        }
        return new ModelSize(
                json.count("vocab_size"),
                json.count("hidden_size"),
                json.count("num_hidden_layers"),
                heads,
                keyValueHeads,
                headSize,
                json.count("max_position_embeddings", defaultMaxPositions));
    }

    public ModelSize withMaxPositions(int positions) {
        return new ModelSize(vocabulary, hidden, layers, heads, keyValueHeads, headSize, positions);
    }
}
