package org.dilort.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.dilort.error.FormatException;

/**
 * The size of the vocabulary in a {@code tokenizer.json}, and the ids of a few tokens. The file may have some hundred
 * thousand entries, so it is streamed and only what was asked for is kept.
 *
 * <p>Read are {@code added_tokens[].{id, content, special}} and {@code model.vocab}: an object of token to id (BPE, WordPiece,
 * WordLevel) or a list of {@code [token, score]} whose index is the id (Unigram).
 */
final class TokenizerVocabulary {
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final Set<String> wanted;
    private final Map<String, Integer> ids = new HashMap<>();
    private final Set<String> specialTexts = new LinkedHashSet<>();
    private int greatestId = -1;

    private TokenizerVocabulary(Set<String> wanted) {
        this.wanted = wanted;
    }

    static TokenizerVocabulary read(Path file, Set<String> wanted) {
        TokenizerVocabulary vocabulary = new TokenizerVocabulary(wanted);
        try (JsonParser parser = JSON.createParser(file.toFile())) {
            vocabulary.readRoot(parser);
        } catch (JsonProcessingException e) {
            throw new FormatException(
                    file + ": damaged (line " + e.getLocation().getLineNr() + ")", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (vocabulary.greatestId < 0) {
            throw new FormatException(file + ": no model.vocab");
        }
        return vocabulary;
    }

    int size() {
        return greatestId + 1;
    }

    /** Ids of the wanted tokens that exist. */
    Map<String, Integer> ids() {
        return Map.copyOf(ids);
    }

    /** Texts of the added tokens that are special. */
    Set<String> specialTexts() {
        return Set.copyOf(specialTexts);
    }

    private void readRoot(JsonParser parser) throws IOException {
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("added_tokens") && value == JsonToken.START_ARRAY) {
                readAddedTokens(parser);
            } else if (name.equals("model") && value == JsonToken.START_OBJECT) {
                readModel(parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    private void readAddedTokens(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            String content = "";
            int id = -1;
            boolean special = false;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals("content")) {
                    content = parser.getText();
                } else if (name.equals("id")) {
                    id = parser.getIntValue();
                } else if (name.equals("special")) {
                    special = parser.currentToken() == JsonToken.VALUE_TRUE;
                }
                parser.skipChildren();
            }
            add(content, id);
            if (special) {
                specialTexts.add(content);
            }
        }
    }

    private void readModel(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("vocab") && value == JsonToken.START_OBJECT) {
                readMap(parser);
            } else if (name.equals("vocab") && value == JsonToken.START_ARRAY) {
                readList(parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    private void readMap(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String token = parser.currentName();
            parser.nextToken();
            add(token, parser.getIntValue());
        }
    }

    private void readList(JsonParser parser) throws IOException {
        for (int id = 0; parser.nextToken() == JsonToken.START_ARRAY; id++) {
            parser.nextToken();
            add(parser.getText(), id);
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                parser.skipChildren();
            }
        }
    }

    private void add(String token, int id) {
        greatestId = Math.max(greatestId, id);
        if (wanted.contains(token)) {
            ids.put(token, id);
        }
    }
}
