package org.dilort.job;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.dilort.config.BestConfig;
import org.dilort.config.TrainConfig;
import org.dilort.train.Best;
import org.dilort.train.BestRule;
import org.dilort.train.Checkpoint;
import org.dilort.train.CheckpointFolder;
import org.dilort.train.Patience;

/** What {@code eval.best} asks of a run: which checkpoint it keeps, when it has enough, and what it hands over. */
final class BestEvaluation {
    private final BestConfig config;
    private final TrainConfig train;

    BestEvaluation(RunContext run) {
        this.config = run.config().eval().best();
        this.train = run.config().train();
    }

    List<BestRule> rules() {
        return config.enabled() ? List.of(rule()) : List.of();
    }

    /** @param best so far, of the checkpoint that the run goes on from */
    Optional<Patience> patience(SortedMap<String, Best> best) {
        return config.enabled() && config.patience().exists()
                ? Optional.of(new Patience(
                        rule(), config.patience().value(), train.evalEvery().steps(), best))
                : Optional.empty();
    }

    /**
     * The checkpoint whose weights are handed over.
     *
     * @param last the newest one
     */
    Checkpoint delivered(CheckpointFolder checkpoints, Checkpoint last) {
        Optional<Best> best = Optional.ofNullable(last.state().best().get(config.metric()));
        boolean other = config.deliver() == BestConfig.Deliver.BEST
                && best.isPresent()
                && best.get().step() != last.state().progress().step();
        return other ? checkpoints.at(best.get().step()) : last;
    }

    private BestRule rule() {
        BestRule.Goal goal = switch (config.goal()) {
            case AUTO -> config.metric().equals("loss") ? BestRule.Goal.LOWEST : BestRule.Goal.HIGHEST;
            case HIGHEST -> BestRule.Goal.HIGHEST;
            case LOWEST -> BestRule.Goal.LOWEST;
        };
        return new BestRule(config.metric(), goal, config.minDelta());
    }
}
