package org.dilort.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dilort.data.ChatTemplate;
import org.dilort.data.ConversationRenderer;
import org.dilort.data.ExampleReader;
import org.dilort.data.PreferenceExample;
import org.dilort.data.RejectedUse;
import org.dilort.error.DataException;
import org.dilort.input.InputFiles;

/** A prompt and the response that was chosen for it. */
public record Question(String prompt, String chosen) {

    /**
     * The questions of preference files, from their start, at most {@code limit} of them; conversations as the template
     * renders them.
     */
    public static List<Question> read(List<Path> files, ChatTemplate template, int limit) {
        List<Question> questions = new ArrayList<>();
        ExampleReader reader = new ExampleReader(RejectedUse.OPTIONAL);
        for (Path file : InputFiles.expand(files)) {
            reader.read(file, example -> {
                if (questions.size() < limit) {
                    questions.add(of(example, template));
                }
            });
        }
        return List.copyOf(questions);
    }

    private static Question of(PreferenceExample example, ChatTemplate template) {
        if (example instanceof PreferenceExample.Text text) {
            return new Question(text.prompt(), text.chosen());
        }
        if (example instanceof PreferenceExample.Messages messages) {
            ConversationRenderer.Texts texts = new ConversationRenderer(template).render(messages);
            return new Question(texts.trunk(), texts.chosen());
        }
        throw new DataException(
                example.source() + ": answers can be checked for texts and messages, got ready-made token ids");
    }
}
