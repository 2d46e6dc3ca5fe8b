package org.dilort.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.dilort.data.SpecialTokens;
import org.dilort.data.TokenizedPair;
import org.dilort.data.Tokenizer;
import org.dilort.error.DataException;

/**
 * Which choice a model finds most probable after each question, in the terms of lm-evaluation-harness: {@code acc} by the
 * sum of the choice's log-probabilities, {@code acc_norm} by that sum for each of its characters; of equal ones the first.
 *
 * @param name under which results are reported
 * @param shots solved questions that stand before each, {@code "\n\n"} between them
 * @param delimiter between a question and a choice, the harness's {@code target_delimiter}
 */
public record ChoiceTask(String name, List<ChoiceQuestion> questions, List<ChoiceQuestion> shots, String delimiter) {
    public ChoiceTask {
        questions = List.copyOf(questions);
        shots = List.copyOf(shots);
    }

    /** What stands before everything else. */
    public enum Begin {
        /** Nothing, as the harness has it unless it is told otherwise. */
        BARE,
        /** The tokenizer's begin of sequence, the harness's {@code add_bos_token}. */
        BOS
    }

    /**
     * A question's outcome.
     *
     * @param logps of each choice, nats
     */
    public record Sample(ChoiceQuestion question, List<Double> logps) {
        public Sample {
            logps = List.copyOf(logps);
        }

        boolean isRight() {
            return best(logps) == question.gold();
        }

        boolean isRightByCharacter() {
            List<Double> each = new ArrayList<>();
            for (int i = 0; i < logps.size(); i++) {
                String choice = question.choices().get(i);
                each.add(logps.get(i) / choice.codePointCount(0, choice.length()));
            }
            return best(each) == question.gold();
        }

        private static int best(List<Double> scores) {
            int best = 0;
            for (int i = 1; i < scores.size(); i++) {
                best = scores.get(i) > scores.get(best) ? i : best;
            }
            return best;
        }
    }

    /**
     * @param maxTokens positions of the model; longer contexts lose their beginning
     * @throws DataException for a question that has no tokens of its own
     */
    public List<Sample> run(Tokenizer tokenizer, Begin begin, SequenceScorer scorer, int maxTokens) {
        int[] first = begin == Begin.BARE ? new int[0] : new int[] {bos(tokenizer)};
        List<TokenizedPair> pairs = new ArrayList<>();
        for (ChoiceQuestion question : questions) {
            for (String choice : question.choices()) {
                Continuation continuation = Continuation.of(tokenizer, context(question), delimiter + choice);
                pairs.add(continuation
                        .within(maxTokens - first.length)
                        .after(first)
                        .toPair(pairs.size()));
            }
        }
        List<PairScore> scores = scorer.score(pairs);
        List<Sample> samples = new ArrayList<>();
        int at = 0;
        for (ChoiceQuestion question : questions) {
            int end = at + question.choices().size();
            samples.add(new Sample(
                    question,
                    scores.subList(at, end).stream().map(PairScore::chosenLogp).toList()));
            at = end;
        }
        return samples;
    }

    /** {@code acc} and {@code acc_norm} of the outcomes. */
    public TaskResult result(List<Sample> outcomes) {
        long right = outcomes.stream().filter(Sample::isRight).count();
        long rightByCharacter =
                outcomes.stream().filter(Sample::isRightByCharacter).count();
        return new TaskResult.Values()
                .put("acc", Share.of(right, outcomes.size()))
                .put("acc_norm", Share.of(rightByCharacter, outcomes.size()))
                .result(name, shots.size(), outcomes.size());
    }

    private static int bos(Tokenizer tokenizer) {
        int bos = tokenizer.specialTokens().bos();
        if (bos == SpecialTokens.NONE) {
            throw new DataException("the tokenizer has no begin of sequence");
        }
        return bos;
    }

    private String context(ChoiceQuestion question) {
        String before =
                shots.stream().map(shot -> shot.solved(delimiter) + "\n\n").collect(Collectors.joining());
        return before + question.query();
    }
}
