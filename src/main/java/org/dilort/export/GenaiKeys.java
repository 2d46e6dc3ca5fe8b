package org.dilort.export;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The keys that onnxruntime-genai knows, by the object they are in; it refuses a file with any other. Of
 * {@code session_options} and the like no list is known here, so nothing is said about them.
 */
final class GenaiKeys {
    private static final Map<String, Set<String>> KNOWN = Map.of(
            "", Set.of("model", "search", "speculative", "engine"),
            "/model",
                    Set.of(
                            "type",
                            "vocab_size",
                            "context_length",
                            "pad_token_id",
                            "bos_token_id",
                            "eos_token_id",
                            "sep_token_id",
                            "decoder_start_token_id",
                            "tokenizer_dir",
                            "decoder"),
            "/model/decoder",
                    Set.of(
                            "filename",
                            "hidden_size",
                            "num_attention_heads",
                            "num_hidden_layers",
                            "num_key_value_heads",
                            "head_size",
                            "session_options",
                            "run_options",
                            "inputs",
                            "outputs",
                            "sliding_window",
                            "pipeline",
                            "layer_types",
                            "conv_cache_size",
                            "shared_initializers"),
            "/model/decoder/inputs",
                    Set.of("input_ids", "attention_mask", "position_ids", "past_key_names", "past_value_names"),
            "/model/decoder/outputs", Set.of("logits", "present_key_names", "present_value_names"),
            "/search",
                    Set.of(
                            "do_sample",
                            "min_length",
                            "max_length",
                            "batch_size",
                            "num_beams",
                            "num_return_sequences",
                            "top_k",
                            "top_p",
                            "temperature",
                            "repetition_penalty",
                            "length_penalty",
                            "no_repeat_ngram_size",
                            "diversity_penalty",
                            "early_stopping",
                            "past_present_share_buffer",
                            "random_seed",
                            "chunk_size",
                            "blank_penalty"));

    private GenaiKeys() {}

    static void check(JsonNode root, String where, List<String> problems) {
        KNOWN.forEach((place, known) -> root.at(place).fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                String path = (place + "/" + key).substring(1).replace('/', '.');
                problems.add(path + ": got a key that onnxruntime-genai does not know (" + where + ")");
            }
        }));
    }
}
