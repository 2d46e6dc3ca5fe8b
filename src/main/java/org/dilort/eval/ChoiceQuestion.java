package org.dilort.eval;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dilort.error.DataException;
import org.dilort.input.InputFile;
import org.dilort.input.InputFiles;
import org.dilort.input.InputRow;

/**
 * A question of a multiple-choice task, in the terms of lm-evaluation-harness: {@code {"query": "..", "choices": ["..",
 * ".."], "gold": 0}} a line.
 *
 * @param gold number of the right choice, from 0
 */
public record ChoiceQuestion(String query, List<String> choices, int gold) {
    private static final String EXPECTED = ", expected {\"query\": text, \"choices\": texts, \"gold\": number}";

    public ChoiceQuestion {
        choices = List.copyOf(choices);
        if (choices.isEmpty() || gold < 0 || gold >= choices.size()) {
            throw new IllegalArgumentException("gold " + gold + " of " + choices.size() + " choices");
        }
    }

    /** Query and right choice, as an example before other questions. */
    String solved(String delimiter) {
        return query + delimiter + choices.get(gold);
    }

    /** @throws DataException naming file and line of what is wrong, or for a file without questions */
    public static List<ChoiceQuestion> read(Path path) {
        List<ChoiceQuestion> questions = new ArrayList<>();
        for (Path file : InputFiles.expand(path)) {
            InputFile.of(file).read(row -> questions.add(of(row)));
        }
        if (questions.isEmpty()) {
            throw new DataException(path + ": no questions" + EXPECTED + " a line");
        }
        return List.copyOf(questions);
    }

    private static ChoiceQuestion of(InputRow row) {
        if (!row.problem().isEmpty()) {
            throw new DataException(row.source() + ": " + row.problem());
        }
        JsonNode query = row.fields().path("query");
        JsonNode gold = row.fields().path("gold");
        List<String> choices = new ArrayList<>();
        for (JsonNode choice : row.fields().path("choices")) {
            if (!choice.isTextual() || choice.textValue().isEmpty()) {
                throw new DataException(row.source() + ": choices: got " + choice + EXPECTED);
            }
            choices.add(choice.textValue());
        }
        if (!query.isTextual() || choices.isEmpty()) {
            throw new DataException(
                    row.source() + ": " + (query.isTextual() ? "choices" : "query") + ": missing" + EXPECTED);
        }
        if (!gold.isIntegralNumber() || gold.intValue() < 0 || gold.intValue() >= choices.size()) {
            throw new DataException(row.source() + ": gold: got " + gold + ", expected 0 to " + (choices.size() - 1));
        }
        return new ChoiceQuestion(query.textValue(), choices, gold.intValue());
    }
}
