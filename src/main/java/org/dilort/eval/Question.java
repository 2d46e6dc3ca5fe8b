package org.dilort.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dilort.data.ExampleReader;
import org.dilort.data.PreferenceExample;
import org.dilort.data.RejectedUse;
import org.dilort.error.DataException;
import org.dilort.input.InputFiles;

/** A prompt and the response that was chosen for it. */
public record Question(String prompt, String chosen) {

    /** The questions of preference files, from their start, at most {@code limit} of them. */
    public static List<Question> read(List<Path> files, int limit) {
        List<Question> questions = new ArrayList<>();
        ExampleReader reader = new ExampleReader(RejectedUse.OPTIONAL);
        for (Path file : InputFiles.expand(files)) {
            reader.read(file, example -> {
                if (questions.size() < limit) {
                    questions.add(of(example));
                }
            });
        }
        return List.copyOf(questions);
    }

    private static Question of(PreferenceExample example) {
        if (example instanceof PreferenceExample.Text text) {
            return new Question(text.prompt(), text.chosen());
        }
        throw new DataException(example.source()
                + ": answers can be checked for prompts and responses that are strings, got another form");
    }
}
