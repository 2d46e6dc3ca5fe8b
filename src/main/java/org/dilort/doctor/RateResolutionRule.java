package org.dilort.doctor;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.dilort.artifacts.AdamW;
import org.dilort.artifacts.CheckpointReader;
import org.dilort.artifacts.Lion;
import org.dilort.artifacts.Optimizer;
import org.dilort.model.Parameter;
import org.dilort.weights.TensorInfo;
import org.dilort.weights.WeightType;

/**
 * AdamW and Lion move a weight in one step by about the learning rate, AdamW by (1 - beta1) / sqrt(1 - beta2) times it at
 * most. A change below half a unit in the last place of a float32 weight is rounded away, whatever the gradient. If that
 * holds for {@value #SHARE} of the initial weights even at the highest rate (of each tensor {@value #SAMPLED} are looked
 * at), nothing is learned. Zeros, as a LoRA begins with, take any change.
 */
final class RateResolutionRule implements Rule {
    private static final double SHARE = 0.99;
    private static final int SAMPLED = 4096;

    private final Path checkpoint;
    private final List<Parameter> parameters;
    private final Optimizer optimizer;
    private final double rate;

    /**
     * @param checkpoint of the initial policy
     * @param rate the highest of the run
     */
    RateResolutionRule(Path checkpoint, List<Parameter> parameters, Optimizer optimizer, double rate) {
        this.checkpoint = checkpoint;
        this.parameters = List.copyOf(parameters);
        this.optimizer = optimizer;
        this.rate = rate;
    }

    @Override
    public Optional<Remark> atStart() {
        double bound = rate * greatestMove(optimizer);
        if (Double.isInfinite(bound)) {
            return Optional.empty();
        }
        float[] weights = sample();
        long still = count(weights, bound);
        if (weights.length == 0 || still < SHARE * weights.length) {
            return Optional.empty();
        }
        return Optional.of(Topic.LEARNING_RATE_TOO_SMALL.warning(
                0,
                "train.learning_rate is " + Numbers.of(rate) + ", expected more: " + optimizer.name()
                        + " moves a weight by at most " + Numbers.of(bound)
                        + " in a step, which float32 rounds away for "
                        + Numbers.percent((double) still / weights.length) + " of the weights; half of them need "
                        + Numbers.of(medianNeed(weights)) + ", usual rates are 1e-7 to 1e-4"));
    }

    /** In learning rates; infinite where there is no bound. */
    private static double greatestMove(Optimizer optimizer) {
        if (optimizer instanceof AdamW adamW) {
            return Math.max(1, (1 - adamW.beta1()) / Math.sqrt(1 - adamW.beta2()));
        }
        return optimizer instanceof Lion ? 1 : Double.POSITIVE_INFINITY;
    }

    private float[] sample() {
        FloatBuffer sample = FloatBuffer.allocate(SAMPLED * parameters.size());
        try (CheckpointReader weights = CheckpointReader.open(checkpoint)) {
            for (Parameter parameter : parameters) {
                TensorInfo info = weights.info(parameter.name());
                if (info.type() == WeightType.F32 && info.bytes() <= Integer.MAX_VALUE) {
                    FloatBuffer all = weights.map(parameter.name())
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .asFloatBuffer();
                    sample.put(all.limit(Math.min(SAMPLED, all.limit())));
                }
            }
        }
        return Arrays.copyOf(sample.array(), sample.position());
    }

    private static long count(float[] weights, double bound) {
        long still = 0;
        for (float weight : weights) {
            still += weight != 0 && bound < Math.ulp(weight) / 2 ? 1 : 0;
        }
        return still;
    }

    private static double medianNeed(float[] weights) {
        double[] needs = new double[weights.length];
        Arrays.setAll(needs, i -> Math.ulp(weights[i]) / 2);
        Arrays.sort(needs);
        return needs[needs.length / 2];
    }
}
