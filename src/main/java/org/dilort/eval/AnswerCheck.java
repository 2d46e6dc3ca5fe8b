package org.dilort.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dilort.error.DataException;

/**
 * The share of answers that are right: those in which the pattern's first group gives the same text, white space around
 * it aside, as in the chosen response. An answer that the pattern does not find is wrong.
 */
public final class AnswerCheck {
    private final Pattern pattern;
    private final int batchPrompts;

    /** @param batchPrompts prompts that are answered together */
    public AnswerCheck(Pattern pattern, int batchPrompts) {
        if (pattern.matcher("").groupCount() < 1) {
            throw new IllegalArgumentException("pattern " + pattern + ": no group, expected one");
        }
        if (batchPrompts < 1) {
            throw new IllegalArgumentException("batch of " + batchPrompts + " prompts, expected at least 1");
        }
        this.pattern = pattern;
        this.batchPrompts = batchPrompts;
    }

    /** One answer and what became of it. */
    public record Sample(Question question, String answer, boolean right) {}

    /** @param samples every answer, in the order of the questions */
    public record Report(List<Sample> samples) {
        public Report {
            samples = List.copyOf(samples);
        }

        public long right() {
            return samples.stream().filter(Sample::right).count();
        }

        /** Right answers of all, 0 to 1. */
        public double share() {
            return (double) right() / samples.size();
        }
    }

    /** @throws DataException if there is no question, or the pattern is not in a chosen response */
    public Report run(List<Question> questions, Answerer answerer) {
        if (questions.isEmpty()) {
            throw new DataException("no questions to answer");
        }
        List<String> expected = questions.stream().map(this::expected).toList();
        List<Sample> samples = new ArrayList<>();
        for (int start = 0; start < questions.size(); start += batchPrompts) {
            List<Question> batch = questions.subList(start, Math.min(questions.size(), start + batchPrompts));
            List<String> answers =
                    answerer.answer(batch.stream().map(Question::prompt).toList());
            for (int i = 0; i < batch.size(); i++) {
                boolean right = find(answers.get(i)).equals(Optional.of(expected.get(start + i)));
                samples.add(new Sample(batch.get(i), answers.get(i), right));
            }
        }
        return new Report(samples);
    }

    private String expected(Question question) {
        return find(question.chosen())
                .orElseThrow(() -> new DataException("chosen response \"" + shortened(question.chosen())
                        + "\": the answer pattern " + pattern + " is not in it"));
    }

    private Optional<String> find(String text) {
        Matcher matcher = pattern.matcher(new BoundedText(text, "eval.generate.answer_pattern", pattern));
        return matcher.find() ? Optional.ofNullable(matcher.group(1)).map(String::strip) : Optional.empty();
    }

    private static String shortened(String text) {
        String line = text.replaceAll("\\s+", " ");
        return line.length() <= 80 ? line : line.substring(0, 80) + "…";
    }
}
