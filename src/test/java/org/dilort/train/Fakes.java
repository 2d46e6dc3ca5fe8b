package org.dilort.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dilort.runtime.MicroBatch;
import org.dilort.runtime.UpdateResult;

/** Small stand-ins that several tests share. */
final class Fakes {

    /** Every reading is a quarter of a second after the one before. */
    static final class TickingClock implements NanoClock {
        private long nanos;

        @Override
        public long nanos() {
            nanos += 250_000_000;
            return nanos;
        }
    }

    /** Steps of two micro-batches of two and one pairs; the target of a pair depends on step and pair alone. */
    static final class Steps implements StepSource {
        static final long TOKENS = 18;
        static final long COMPUTED = 9;

        private final long steps;
        private final long notFiniteFrom;
        private final long notFiniteTo;

        Steps(long steps) {
            this(steps, 0, 0);
        }

        Steps(long steps, long notFiniteFrom, long notFiniteTo) {
            this.steps = steps;
            this.notFiniteFrom = notFiniteFrom;
            this.notFiniteTo = notFiniteTo;
        }

        @Override
        public long steps() {
            return steps;
        }

        @Override
        public Step step(long number) {
            long first = number >= notFiniteFrom && number <= notFiniteTo ? QuadraticPolicy.NOT_FINITE : number % 7;
            List<MicroBatch> batches = List.of(pairs(3, first, (3 * number) % 5), pairs(3, number % 3));
            return new Step(number, (double) number / steps, batches, TOKENS, COMPUTED);
        }
    }

    /** Collects what it is told, one word each. */
    static final class Recorder implements TrainingListener {
        private final String name;
        private final List<String> events;

        Recorder(String name, List<String> events) {
            this.name = name;
            this.events = events;
        }

        @Override
        public void onStart(LoopState state) {
            events.add(name + " start " + state.step());
        }

        @Override
        public void onStep(StepReport report) {
            events.add(name + " step " + report.step());
        }

        @Override
        public void onEvaluation(EvaluationReport report) {
            events.add(name + " evaluation " + report.step());
        }

        @Override
        public void onCheckpoint(long step, Path folder) {
            events.add(name + " checkpoint " + step);
        }

        @Override
        public void onEnd(Outcome outcome) {
            events.add(name + " end " + outcome.state().step());
        }
    }

    /** Collects reports. */
    static final class Reports implements TrainingListener {
        final List<StepReport> steps = new ArrayList<>();

        @Override
        public void onStep(StepReport report) {
            steps.add(report);
        }
    }

    private Fakes() {}

    /** A micro-batch of one pair per token given: a prompt of that token, and one token in each response. */
    static MicroBatch pairs(int pairsOfStep, long... tokens) {
        return batch(pairsOfStep, 2, tokens);
    }

    /** As {@link #pairs}, with chosen responses alone. */
    static MicroBatch chosenOnly(int pairsOfStep, long... tokens) {
        return batch(pairsOfStep, 1, tokens);
    }

    private static MicroBatch batch(int pairsOfStep, int branches, long... tokens) {
        int rows = tokens.length;
        int length = 1 + branches;
        long[] inputIds = new long[rows * length];
        long[] positionIds = new long[rows * length];
        long[] branchIds = new long[rows * length];
        long[] targetPositions = new long[rows * branches];
        long[] targetSequences = new long[rows * branches];
        for (int row = 0; row < rows; row++) {
            inputIds[row * length] = tokens[row];
            for (int branch = 0; branch < branches; branch++) {
                positionIds[row * length + 1 + branch] = 1;
                branchIds[row * length + 1 + branch] = 1L + branch;
                targetPositions[row * branches + branch] = (long) row * length;
                targetSequences[row * branches + branch] = 2L * row + branch;
            }
        }
        long[] documentIds = filled(rows * length, 1);
        float[] weights = new float[rows];
        Arrays.fill(weights, 1f / pairsOfStep);
        return new MicroBatch(
                rows,
                length,
                inputIds,
                positionIds,
                documentIds,
                branchIds,
                targetPositions,
                new long[rows * branches],
                targetSequences,
                new int[rows],
                new float[2 * rows],
                weights,
                new float[] {pairsOfStep, pairsOfStep});
    }

    /** A report of step 2 of 4 with round numbers, half a second long. */
    static StepReport report() {
        LoopState state = new LoopState(2, 2, 0, 0, 0.5, 36);
        PairMeans means = new PairMeans.ChosenAndRejected(0.25, -0.5, 0.75, 0.875, -12.5, -14, new HeadShares(0.25, 0));
        return new StepReport(state, 4, 0.625, 5e-7, new UpdateResult(1.5, true), means, 18, 9, 12, 0.5);
    }

    static CheckpointState stateAt(long step) {
        return new CheckpointState(
                new LoopState(step, step, 0, 0, step / 8.0, 18 * step), identity("lsif"), new TreeMap<>());
    }

    static RunIdentity identity(String head) {
        return new RunIdentity(new TreeMap<>(Map.of("head.name", head, "train.seed", "42")));
    }

    private static long[] filled(int length, long value) {
        long[] array = new long[length];
        Arrays.fill(array, value);
        return array;
    }
}
