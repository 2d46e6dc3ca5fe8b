package org.dilort.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.dilort.artifacts.DecoderGraph;
import org.dilort.model.BatchInputs;
import org.dilort.model.ModelSize;

/**
 * {@code genai_config.json}, which onnxruntime-genai reads; a key that it does not know makes it refuse the folder.
 *
 * <p>The cache of our graph is a concatenation, so past and present never share a buffer. A family that it has no name
 * for, or for whose name it expects another cache, is its generic {@code decoder}.
 */
final class GenaiConfig {
    static final String FILE = "genai_config.json";

    private static final Map<String, String> TYPES = Map.of("llama", "llama");
    private static final String GENERIC_TYPE = "decoder";
    private static final List<String> COPIED_SEARCH_KEYS =
            List.of("do_sample", "top_k", "top_p", "temperature", "repetition_penalty", "length_penalty", "num_beams");

    private GenaiConfig() {}

    /** @param generation the content of {@code generation_config.json} */
    static ObjectNode of(String modelType, ModelSize size, SpecialIds ids, ObjectNode generation) {
        ObjectNode root = FolderFiles.emptyObject();
        ObjectNode model = root.putObject("model");
        ids.writeTo(model);
        if (ids.pad().isEmpty() && !ids.end().isEmpty()) {
            model.put(SpecialIds.PAD_KEY, ids.end().get(0));
        }
        model.put("context_length", size.maxPositions());
        writeDecoder(model.putObject("decoder"), size);
        model.put("type", TYPES.getOrDefault(modelType, GENERIC_TYPE));
        model.put("vocab_size", size.vocabulary());
        ObjectNode search = root.putObject("search");
        for (String key : COPIED_SEARCH_KEYS) {
            JsonNode value = generation.path(key);
            if (value.isNumber() || value.isBoolean()) {
                search.set(key, value);
            }
        }
        search.put("max_length", size.maxPositions());
        search.put("past_present_share_buffer", false);
        return root;
    }

    private static void writeDecoder(ObjectNode decoder, ModelSize size) {
        decoder.putObject("session_options").putArray("provider_options");
        decoder.put("filename", ExportFolder.MODEL);
        decoder.put("head_size", size.headSize());
        decoder.put("hidden_size", size.hidden());
        decoder.putObject("inputs")
                .put("input_ids", BatchInputs.INPUT_IDS)
                .put("attention_mask", DecoderGraph.ATTENTION_MASK)
                .put("position_ids", BatchInputs.POSITION_IDS)
                .put("past_key_names", "past_key_values.%d.key")
                .put("past_value_names", "past_key_values.%d.value");
        decoder.putObject("outputs")
                .put("logits", DecoderGraph.LOGITS)
                .put("present_key_names", "present.%d.key")
                .put("present_value_names", "present.%d.value");
        decoder.put("num_attention_heads", size.heads());
        decoder.put("num_hidden_layers", size.layers());
        decoder.put("num_key_value_heads", size.keyValueHeads());
    }
}
