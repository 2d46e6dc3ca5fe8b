package org.dilort.eval;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.dilort.error.ConfigException;

/**
 * Questions that a model answers in its own words, and whether its answers match, in the terms of lm-evaluation-harness.
 *
 * @param shots solved questions that stand before each, {@code "\n\n"} between them
 * @param template what is asked; {@code {question}} stands for the question
 * @param delimiter between a solved question and its answer, the harness's {@code target_delimiter}
 * @param filters each gives an {@code exact_match} of its own
 */
public record MatchTask(
        String name,
        List<MatchQuestion> questions,
        List<MatchQuestion> shots,
        String template,
        String delimiter,
        List<AnswerFilter> filters,
        AnswerNorm norm) {
    private static final String QUESTION = "{question}";
    private static final int PROMPTS_AT_ONCE = 32;

    /** GSM8K's. */
    public static final String DEFAULT_TEMPLATE = "Question: " + QUESTION + "\nAnswer:";

    public MatchTask {
        questions = List.copyOf(questions);
        shots = List.copyOf(shots);
        filters = List.copyOf(filters);
        if (!template.contains(QUESTION)) {
            throw new ConfigException("--template: got \"" + template + "\", expected a text with " + QUESTION);
        }
    }

    /**
     * A question's outcome.
     *
     * @param text what the model said
     * @param found by filter
     * @param right by filter
     */
    public record Sample(MatchQuestion question, String text, Map<String, String> found, Map<String, Boolean> right) {
        public Sample {
            found = Map.copyOf(found);
            right = Map.copyOf(right);
        }
    }

    /** Hears of every so many answers. */
    public interface Progress {
        void answered(int count);
    }

    public List<Sample> run(Answerer answerer, Progress progress) {
        List<Sample> samples = new ArrayList<>();
        for (int start = 0; start < questions.size(); start += PROMPTS_AT_ONCE) {
            List<MatchQuestion> batch = questions.subList(start, Math.min(questions.size(), start + PROMPTS_AT_ONCE));
            List<String> answers =
                    answerer.answer(batch.stream().map(this::prompt).toList());
            for (int i = 0; i < batch.size(); i++) {
                samples.add(sample(batch.get(i), answers.get(i)));
            }
            progress.answered(batch.size());
        }
        return samples;
    }

    private Sample sample(MatchQuestion question, String text) {
        Map<String, String> found = new LinkedHashMap<>();
        Map<String, Boolean> right = new LinkedHashMap<>();
        String expected = norm.apply(question.answer());
        for (AnswerFilter filter : filters) {
            String answer = filter.apply(text);
            found.put(filter.name(), answer);
            right.put(filter.name(), norm.apply(answer).equals(expected));
        }
        return new Sample(question, text, found, right);
    }

    String prompt(MatchQuestion question) {
        String before = shots.stream()
                .map(shot -> asked(shot) + delimiter + shot.answer() + "\n\n")
                .collect(Collectors.joining());
        return before + asked(question);
    }

    private String asked(MatchQuestion question) {
        return template.replace(QUESTION, question.question());
    }

    /** {@code exact_match,FILTER} of each filter. */
    public TaskResult result(List<Sample> samples) {
        TaskResult.Values values = new TaskResult.Values();
        for (AnswerFilter filter : filters) {
            long right = samples.stream()
                    .filter(sample -> sample.right().getOrDefault(filter.name(), false))
                    .count();
            Share share = Share.of(right, samples.size());
            values.put("exact_match", filter.name(), share)
                    .put("exact_match_ci_low", filter.name(), share.interval().low())
                    .put("exact_match_ci_high", filter.name(), share.interval().high());
        }
        return values.result(name, shots.size(), samples.size());
    }
}
