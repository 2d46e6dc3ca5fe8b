package org.dilort.export;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dilort.error.ConfigException;

/**
 * How a model generates.
 *
 * @param maxNewTokens bound of what is generated for one prompt, the end of sequence not counted
 * @param repetitionPenalty above 0; the logit of every token that prompt or answer already has is divided by it where it is
 *     positive and multiplied where it is negative (arXiv 1909.05858); 1 changes nothing
 * @param endIds ids that end a sequence, beside those that the model's folder names
 * @param stops texts that end an answer, which does not have them
 * @param alternatives tokens whose log-probabilities are told beside that of each token, 0 to {@link #MOST_ALTERNATIVES}; {@link
 *     #NO_SCORES} tells of none
 */
public record GenerationSettings(
        int maxNewTokens,
        Sampling sampling,
        double repetitionPenalty,
        Set<Integer> endIds,
        List<String> stops,
        int alternatives) {
    public static final int NO_SCORES = -1;
    public static final int MOST_ALTERNATIVES = 20;

    public GenerationSettings {
        endIds = Set.copyOf(endIds);
        stops = List.copyOf(stops);
        if (maxNewTokens < 1) {
            throw new ConfigException("max_new_tokens: got " + maxNewTokens + ", expected at least 1");
        }
        if (!(repetitionPenalty > 0) || Double.isInfinite(repetitionPenalty)) {
            throw new ConfigException("repetition_penalty: got " + repetitionPenalty + ", expected a number > 0");
        }
        if (alternatives < NO_SCORES || alternatives > MOST_ALTERNATIVES) {
            throw new ConfigException(
                    "alternatives: got " + alternatives + ", expected 0 to " + MOST_ALTERNATIVES + ", or -1");
        }
        if (stops.contains("")) {
            throw new ConfigException("stop: got an empty text, expected texts of at least one character");
        }
    }

    public static GenerationSettings greedy(int maxNewTokens) {
        return new GenerationSettings(maxNewTokens, new Sampling.Greedy(), 1, Set.of(), List.of(), NO_SCORES);
    }

    public GenerationSettings withSampling(Sampling other) {
        return new GenerationSettings(maxNewTokens, other, repetitionPenalty, endIds, stops, alternatives);
    }

    public GenerationSettings withRepetitionPenalty(double penalty) {
        return new GenerationSettings(maxNewTokens, sampling, penalty, endIds, stops, alternatives);
    }

    public GenerationSettings withStops(List<String> texts) {
        return new GenerationSettings(maxNewTokens, sampling, repetitionPenalty, endIds, texts, alternatives);
    }

    public GenerationSettings withAlternatives(int count) {
        return new GenerationSettings(maxNewTokens, sampling, repetitionPenalty, endIds, stops, count);
    }

    /** Whether log-probabilities are told. */
    public boolean scored() {
        return alternatives != NO_SCORES;
    }

    public GenerationSettings withEndIds(Set<Integer> more) {
        Set<Integer> all = new HashSet<>(endIds);
        all.addAll(more);
        return new GenerationSettings(maxNewTokens, sampling, repetitionPenalty, all, stops, alternatives);
    }

    /** The chooser of one sequence of a batch. */
    Sampling.TokenChooser chooser(int sequence, int[] prompt) {
        Sampling.TokenChooser chooser = sampling.chooser(sequence);
        return repetitionPenalty == 1 ? chooser : new PenalisedChooser(chooser, repetitionPenalty, prompt);
    }
}
