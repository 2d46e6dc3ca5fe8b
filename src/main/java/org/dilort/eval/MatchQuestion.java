package org.dilort.eval;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dilort.error.DataException;
import org.dilort.input.InputFile;
import org.dilort.input.InputFiles;
import org.dilort.input.InputRow;

/** A question with its answer: {@code {"question": "..", "answer": ".."}} a line. */
public record MatchQuestion(String question, String answer) {

    /** @throws DataException naming file and line of what is wrong, or for a file without questions */
    public static List<MatchQuestion> read(Path path, int limit) {
        List<MatchQuestion> questions = new ArrayList<>();
        for (Path file : InputFiles.expand(path)) {
            InputFile.of(file).read(row -> {
                if (questions.size() < limit) {
                    questions.add(new MatchQuestion(text(row, "question"), text(row, "answer")));
                }
            });
        }
        if (questions.isEmpty()) {
            throw new DataException(path + ": no questions, expected {\"question\": text, \"answer\": text} a line");
        }
        return List.copyOf(questions);
    }

    private static String text(InputRow row, String key) {
        if (!row.problem().isEmpty()) {
            throw new DataException(row.source() + ": " + row.problem());
        }
        JsonNode text = row.fields().path(key);
        boolean given = text.isTextual() || text.isNumber();
        if (!given || text.asText().isEmpty()) {
            throw new DataException(row.source() + ": " + key + ": got " + (text.isMissingNode() ? "nothing" : text)
                    + ", expected a text");
        }
        return text.asText();
    }
}
