package org.dilort.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.dilort.data.ChatTemplate.GenerationPrompt;
import org.dilort.error.DataException;
import org.dilort.error.FormatException;
import org.dilort.input.SourceLine;

/** What every pipeline asks of tokenizer and chat template; thread-safe. */
record TextEncoder(Tokenizer tokenizer, ChatTemplate template) {

    /** For texts alone: a conversation is an error. */
    static TextEncoder textsOnly(Tokenizer tokenizer) {
        return new TextEncoder(tokenizer, ChatTemplates.missing());
    }

    /** With more variables for the template to see. */
    TextEncoder with(Map<String, JsonNode> variables) {
        return new TextEncoder(tokenizer, template.with(variables));
    }

    int[] encode(String text) {
        return tokenizer.encode(text);
    }

    String render(List<Message> messages, GenerationPrompt prompt, SourceLine source) {
        try {
            return template.render(messages, prompt);
        } catch (DataException e) {
            throw new DataException(source + ": " + e.getMessage(), e);
        }
    }

    SpecialTokens special() {
        return tokenizer.specialTokens();
    }

    /** The id of the end of sequence, which every response needs. */
    int eos() {
        int eos = special().eos();
        if (eos == SpecialTokens.NONE) {
            throw new FormatException(
                    "tokenizer: no eos_token in tokenizer_config.json or special_tokens_map.json and no"
                            + " eos_token_id in config.json; responses must end with one");
        }
        return eos;
    }

    /** The text that stands for a token. */
    String textOf(int id) {
        return tokenizer.decode(new int[] {id}, Tokenizer.SpecialText.KEEP);
    }

    static boolean startsWith(int[] tokens, int[] prefix) {
        return tokens.length >= prefix.length && Arrays.equals(tokens, 0, prefix.length, prefix, 0, prefix.length);
    }

    static int[] tail(int[] tokens, int from) {
        return Arrays.copyOfRange(tokens, Math.min(from, tokens.length), tokens.length);
    }

    static int[] first(int[] tokens, int length) {
        return tokens.length <= length ? tokens : Arrays.copyOf(tokens, length);
    }

    static int[] last(int[] tokens, int length) {
        return tokens.length <= length ? tokens : Arrays.copyOfRange(tokens, tokens.length - length, tokens.length);
    }

    static int[] prepended(int first, int[] tokens) {
        int[] all = new int[tokens.length + 1];
        all[0] = first;
        System.arraycopy(tokens, 0, all, 1, tokens.length);
        return all;
    }

    static int[] appended(int[] tokens, int last) {
        int[] all = Arrays.copyOf(tokens, tokens.length + 1);
        all[tokens.length] = last;
        return all;
    }

    static int[] requireTokens(String name, int[] tokens, SourceLine source) {
        if (tokens.length == 0) {
            throw new DataException(source + ": " + name + ": no tokens in this text");
        }
        return tokens;
    }
}
