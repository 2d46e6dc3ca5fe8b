package org.dilort.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dilort.error.FormatException;

/**
 * What a Hugging Face folder says about special tokens: first {@code tokenizer_config.json}, then
 * {@code special_tokens_map.json}, which name tokens by their text (a string, or an object with {@code content}), last
 * {@code config.json}, which has ids. Files, and fields, may be missing or null.
 */
final class TokenizerSettings {
    static final String TOKENIZER_CONFIG = "tokenizer_config.json";
    private static final String SPECIAL_TOKENS_MAP = "special_tokens_map.json";
    private static final String CONFIG = "config.json";

    private final Path folder;
    private final JsonNode tokenizerConfig;
    private final JsonNode specialTokensMap;
    private final JsonNode config;

    private TokenizerSettings(Path folder, JsonNode tokenizerConfig, JsonNode specialTokensMap, JsonNode config) {
        this.folder = folder;
        this.tokenizerConfig = tokenizerConfig;
        this.specialTokensMap = specialTokensMap;
        this.config = config;
    }

    static TokenizerSettings read(Path folder) {
        return new TokenizerSettings(
                folder,
                readObject(folder.resolve(TOKENIZER_CONFIG)),
                readObject(folder.resolve(SPECIAL_TOKENS_MAP)),
                readObject(folder.resolve(CONFIG)));
    }

    /** The ids of {@code config.json} alone. */
    static TokenizerSettings modelOnly(Path folder) {
        JsonNode nothing = new ObjectMapper().createObjectNode();
        return new TokenizerSettings(folder, nothing, nothing, readObject(folder.resolve(CONFIG)));
    }

    /** The texts of all special tokens by the names that templates know them by: {@code bos_token} and so on. */
    Map<String, String> namedTexts() {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String name : List.of("bos", "eos", "unk", "sep", "pad", "cls", "mask")) {
            String text = text(name);
            if (!text.isEmpty()) {
                texts.put(name + "_token", text);
            }
        }
        return texts;
    }

    /** Texts whose ids {@link #resolve} needs. */
    Set<String> texts() {
        Set<String> texts = new LinkedHashSet<>();
        for (String name : List.of("bos", "eos", "pad")) {
            String text = text(name);
            if (!text.isEmpty()) {
                texts.add(text);
            }
        }
        return texts;
    }

    /**
     * Special tokens by id.
     *
     * @param ids ids of the {@link #texts}, as far as the vocabulary has them
     * @param dressed some text as the tokenizer's own post-processor dresses it, which decides whether BOS and EOS are
     *     added where no file says so
     */
    SpecialTokens resolve(Map<String, Integer> ids, int[] dressed) {
        int bos = id("bos", ids);
        int eos = id("eos", ids);
        boolean startsWithBos = dressed.length > 0 && dressed[0] == bos;
        boolean endsWithEos = dressed.length > 0 && dressed[dressed.length - 1] == eos;
        return new SpecialTokens(
                bos,
                eos,
                id("pad", ids),
                tokenizerConfig.path("add_bos_token").asBoolean(startsWithBos),
                tokenizerConfig.path("add_eos_token").asBoolean(endsWithEos));
    }

    private int id(String name, Map<String, Integer> ids) {
        String text = text(name);
        if (text.isEmpty()) {
            return modelId(name);
        }
        if (ids.containsKey(text)) {
            return ids.get(text);
        }
        if (name.equals("pad")) {
            return SpecialTokens.NONE;
        }
        throw new FormatException(
                folder + ": " + name + "_token is '" + text + "', which " + DjlTokenizer.FILE + " has no id for");
    }

    private int modelId(String name) {
        JsonNode id = config.path(name + "_token_id");
        JsonNode first = id.isArray() ? id.path(0) : id;
        return first.isIntegralNumber() ? first.intValue() : SpecialTokens.NONE;
    }

    private String text(String name) {
        for (JsonNode file : List.of(tokenizerConfig, specialTokensMap)) {
            JsonNode token = file.path(name + "_token");
            String text = token.isObject() ? token.path("content").asText() : token.asText("");
            if (!token.isNull() && !text.isEmpty()) {
                return text;
            }
        }
        return "";
    }

    static JsonNode readObject(Path file) {
        ObjectMapper json = new ObjectMapper();
        if (!Files.exists(file)) {
            return json.createObjectNode();
        }
        try {
            JsonNode root = json.readTree(file.toFile());
            if (!root.isObject()) {
                throw new FormatException(file + ": expected a JSON object");
            }
            return root;
        } catch (JsonProcessingException e) {
            throw new FormatException(
                    file + ": not JSON (line " + e.getLocation().getLineNr() + ")", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
