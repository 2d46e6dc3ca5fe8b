package org.dilort.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dilort.runtime.MicroBatch;
import org.dilort.runtime.PairFlags;
import org.dilort.runtime.StepResult;
import org.dilort.runtime.TrainablePolicy;
import org.dilort.runtime.UpdateResult;

/**
 * A policy of one parameter w with momentum, whose loss on a pair with prompt token x is (w - x)^2 / 2. Its chosen
 * log-probability is -(w - x)^2, its rejected one -1, its rewards w - x and -w.
 */
final class QuadraticPolicy implements TrainablePolicy {

    /** A prompt token whose gradient is not a number. */
    static final long NOT_FINITE = 666;

    /** A prompt token whose pair the head takes out. */
    static final long SKIPPED = 667;

    /** What ends a process from outside, as far as a test can. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private double parameter;
    private double momentum;
    private double gradient;
    private int batchesToLive = Integer.MAX_VALUE;

    static QuadraticPolicy fresh() {
        return new QuadraticPolicy();
    }

    static QuadraticPolicy load(Path checkpointFile) {
        try {
            ByteBuffer data = ByteBuffer.wrap(Files.readAllBytes(dataOf(checkpointFile)));
            QuadraticPolicy policy = new QuadraticPolicy();
            policy.parameter = data.getDouble();
            policy.momentum = data.getDouble();
            return policy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    QuadraticPolicy killedAtBatch(int batches) {
        batchesToLive = batches;
        return this;
    }

    double parameter() {
        return parameter;
    }

    @Override
    public StepResult accumulate(MicroBatch batch) {
        if (--batchesToLive < 0) {
            throw new Killed();
        }
        int pairs = batch.pairs();
        float[] losses = new float[pairs];
        float[] logps = new float[2 * pairs];
        float[] rewards = new float[2 * pairs];
        float[] skipped = new float[pairs];
        float loss = 0;
        for (int pair = 0; pair < pairs; pair++) {
            long token = batch.inputIds()[pair * batch.length()];
            if (token == SKIPPED) {
                losses[pair] = Float.POSITIVE_INFINITY;
                skipped[pair] = 1;
                continue;
            }
            double difference = token == NOT_FINITE ? Double.NaN : parameter - token;
            losses[pair] = (float) (0.5 * difference * difference);
            loss += batch.pairWeights()[pair] * losses[pair];
            gradient += batch.pairWeights()[pair] * difference;
            logps[2 * pair] = (float) (-difference * difference);
            logps[2 * pair + 1] = -1;
            rewards[2 * pair] = (float) difference;
            rewards[2 * pair + 1] = (float) -parameter;
        }
        return new StepResult(loss, losses, logps, rewards, new PairFlags(new float[pairs], skipped));
    }

    @Override
    public UpdateResult update(double learningRate) {
        double norm = Math.abs(gradient);
        boolean applied = Double.isFinite(norm);
        if (applied) {
            momentum = 0.9 * momentum + gradient;
            parameter -= learningRate * momentum;
        }
        gradient = 0;
        return new UpdateResult(norm, applied);
    }

    @Override
    public void discard() {
        gradient = 0;
    }

    @Override
    public void save(Path checkpointFile) {
        ByteBuffer data =
                ByteBuffer.allocate(2 * Double.BYTES).putDouble(parameter).putDouble(momentum);
        try {
            Files.writeString(checkpointFile, "quadratic");
            Files.write(dataOf(checkpointFile), data.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {}

    private static Path dataOf(Path checkpointFile) {
        return checkpointFile.resolveSibling(checkpointFile.getFileName() + ".data");
    }
}
