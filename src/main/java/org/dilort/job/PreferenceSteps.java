package org.dilort.job;

import java.util.ArrayList;
import java.util.List;
import org.dilort.data.Packer;
import org.dilort.data.ReferenceScores;
import org.dilort.data.StepSampler;
import org.dilort.data.TokenizedPair;
import org.dilort.train.Step;
import org.dilort.train.StepSource;

/** The steps of a run over a data set that is held in memory: a pure function of the step's number. */
final class PreferenceSteps implements StepSource {
    private final List<TokenizedPair> pairs;
    private final ReferenceScores references;
    private final StepSampler sampler;
    private final Packer packer;
    private final long steps;

    /** @param references in the order of {@code pairs} */
    PreferenceSteps(
            List<TokenizedPair> pairs, ReferenceScores references, StepSampler sampler, Packer packer, long steps) {
        this.pairs = List.copyOf(pairs);
        this.references = references;
        this.sampler = sampler;
        this.packer = packer;
        this.steps = steps;
    }

    @Override
    public long steps() {
        return steps;
    }

    @Override
    public Step step(long number) {
        int[] positions = sampler.batch(number - 1);
        List<TokenizedPair> batch = new ArrayList<>();
        long tokens = 0;
        long computed = 0;
        for (int position : positions) {
            TokenizedPair pair = pairs.get(position);
            batch.add(pair);
            tokens += pair.sequenceTokens();
            computed += pair.documentTokens();
        }
        double epoch = (double) number / sampler.stepsPerEpoch();
        return new Step(number, epoch, packer.pack(batch, references.select(positions)), tokens, computed);
    }
}
