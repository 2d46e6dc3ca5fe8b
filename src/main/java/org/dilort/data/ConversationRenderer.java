package org.dilort.data;

import java.util.ArrayList;
import java.util.List;
import org.dilort.data.ChatTemplate.GenerationPrompt;
import org.dilort.error.DataException;

/**
 * Renders a conversational pair as a trunk and its branches: the trunk is the prompt with the header of the assistant's
 * turn, a branch is the rest of the whole conversation.
 *
 * <p>Some templates end the header in a way that they do not repeat before a known response (DeepSeek-R1 opens a
 * thought there). Then the trunk is what the prompt and both conversations begin with, as in TRL, as long as that
 * reaches into the header. A template that writes the prompt itself in another way when a response follows would have
 * prompt text scored as response, and is refused.
 */
public record ConversationRenderer(ChatTemplate template) {
    private static final int SHOWN = 30;

    /** Characters of a response that a template is taken to leave alone, whatever it does to what is before them. */
    private static final int TAIL = 20;

    /**
     * @param rejected empty where there is none
     * @param ending who ends the responses
     */
    public record Texts(String trunk, String chosen, String rejected, Ending ending) {}

    public enum Ending {
        /** The template writes something behind a response. */
        BY_TEMPLATE,
        /** Nothing stands behind a response: an end of sequence is missing. */
        MISSING
    }

    /** @throws DataException naming file and line, for a conversation that the template does not take */
    public Texts render(PreferenceExample.Messages example) {
        try {
            return new ConversationRenderer(template.with(example.variables())).texts(example);
        } catch (DataException e) {
            throw new DataException(example.source() + ": " + e.getMessage(), e);
        }
    }

    private Texts texts(PreferenceExample.Messages example) {
        String prompt = template.render(example.prompt(), GenerationPrompt.ADD);
        String chosen = whole(example.prompt(), example.chosen());
        boolean single = example.rejected().isEmpty();
        String rejected = single ? chosen : whole(example.prompt(), example.rejected());
        int shared = Math.min(commonLength(prompt, chosen), commonLength(prompt, rejected));
        if (shared < prompt.length()) {
            requireHistory(example, prompt, shared, commonLength(prompt, chosen) == shared ? chosen : rejected);
        }
        Ending ending = endsBare(chosen, example.chosen()) ? Ending.MISSING : Ending.BY_TEMPLATE;
        return new Texts(
                prompt.substring(0, shared),
                response("chosen", chosen, shared),
                single ? "" : response("rejected", rejected, shared),
                ending);
    }

    private String whole(List<Message> prompt, List<Message> response) {
        List<Message> conversation = new ArrayList<>(prompt);
        conversation.addAll(response);
        return template.render(conversation, GenerationPrompt.OMIT);
    }

    /** Characters that both begin with; never half of one. */
    private static int commonLength(String a, String b) {
        int limit = Math.min(a.length(), b.length());
        int length = 0;
        while (length < limit && a.charAt(length) == b.charAt(length)) {
            length++;
        }
        boolean half = length > 0 && length < a.length() && Character.isHighSurrogate(a.charAt(length - 1));
        return half ? length - 1 : length;
    }

    private void requireHistory(PreferenceExample.Messages example, String prompt, int shared, String conversation) {
        String history = template.render(example.prompt(), GenerationPrompt.OMIT);
        if (!prompt.startsWith(history) || shared < history.length()) {
            throw new DataException("the chat template writes the prompt in another way when a response follows:"
                    + " '" + shown(prompt, shared) + "' alone, '" + shown(conversation, shared)
                    + "' before a response (character " + shared + ")");
        }
    }

    private static String shown(String text, int from) {
        int start = Math.min(from, text.length());
        return text.substring(start, Math.min(text.length(), start + SHOWN)).replaceAll("\\p{Cntrl}", " ");
    }

    private static String response(String name, String conversation, int from) {
        String response = conversation.substring(from);
        if (response.isBlank()) {
            throw new DataException(name + ": the chat template writes nothing for this response");
        }
        return response;
    }

    private static boolean endsBare(String conversation, List<Message> response) {
        String last = response.get(response.size() - 1).content().strip();
        String tail = last.substring(Math.max(0, last.length() - TAIL));
        return !tail.isEmpty() && conversation.stripTrailing().endsWith(tail);
    }
}
