package org.dilort.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.dilort.data.ChatTemplate.GenerationPrompt;
import org.dilort.error.DataException;
import org.dilort.input.InputFile;
import org.dilort.input.InputFiles;
import org.dilort.input.InputRow;
import org.dilort.input.SourceLine;

/**
 * What a model is asked: {@code {"prompt": ".."}} or {@code {"instruction": ".."}}, a text or a list of messages.
 *
 * @param text empty for a conversation
 * @param messages empty for a text
 */
public record Prompt(SourceLine source, String text, List<Message> messages) {
    private static final List<String> KEYS = List.of(PairFields.PROMPT, "instruction");

    public Prompt {
        messages = List.copyOf(messages);
    }

    /**
     * The first prompts of files, whatever else their rows have.
     *
     * @throws DataException naming file and line of what is wrong, or if there is no prompt
     */
    public static List<Prompt> read(List<Path> files, int limit) {
        List<Prompt> prompts = new ArrayList<>();
        for (Path file : InputFiles.expand(files)) {
            InputFile.of(file).read(row -> {
                if (prompts.size() < limit) {
                    prompts.add(of(row));
                }
            });
        }
        if (prompts.isEmpty()) {
            throw new DataException(files + ": no prompts");
        }
        return List.copyOf(prompts);
    }

    private static Prompt of(InputRow row) {
        JsonLine line = new JsonLine(row.fields(), row.source());
        if (!row.problem().isEmpty()) {
            throw line.error(row.problem());
        }
        String key = KEYS.stream().filter(line::has).findFirst().orElse(PairFields.PROMPT);
        return line.isList(key)
                ? new Prompt(row.source(), "", line.messages(key, "prompt"))
                : new Prompt(row.source(), line.text(key, "prompt"), List.of());
    }

    private boolean isConversation() {
        return !messages.isEmpty();
    }

    /** A text as a user's message; a conversation as it is. */
    public Prompt asConversation() {
        return isConversation() ? this : new Prompt(source, "", List.of(new Message("user", text)));
    }

    /** What a model is given: the text as it is, or the conversation in the model's template. */
    public String forModel(ChatTemplate template) {
        if (!isConversation()) {
            return text;
        }
        try {
            return template.render(messages, GenerationPrompt.ADD);
        } catch (DataException e) {
            throw new DataException(source + ": " + e.getMessage(), e);
        }
    }

    /** For readers who know no template; roles are told where there are several messages. */
    public String shown() {
        if (messages.size() == 1) {
            return messages.get(0).content();
        }
        return isConversation()
                ? messages.stream()
                        .map(turn -> turn.role() + ": " + turn.content())
                        .collect(Collectors.joining("\n\n"))
                : text;
    }
}
