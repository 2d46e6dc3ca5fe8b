package org.dilort.artifacts;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.dilort.model.Parameter;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * AdamW (arXiv 1711.05101), as PyTorch defines the update.
 *
 * <pre>
 * m += (1 - beta1) (g - m)        v += (1 - beta2) (g² - v)
 * W -= learning_rate (m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon) + decay W)
 * </pre>
 *
 * <p>The corrections are scalars: {@code step_size} = learning_rate / (1 - beta1^t) and {@code second_correction} = 1 /
 * sqrt(1 - beta2^t).
 *
 * @param beta1 0 to 1, usually 0.9
 * @param beta2 0 to 1, usually 0.95 to 0.999
 * @param epsilon above 0, usually 1e-8
 * @param maxGradientNorm bound of the global gradient norm; infinity clips nothing
 */
public record AdamW(double beta1, double beta2, double epsilon, double weightDecay, double maxGradientNorm)
        implements Optimizer {
    private static final String STEP_SIZE = "step_size";
    private static final String SECOND_CORRECTION = "second_correction";
    static final String FIRST_MOMENT = "moment1";
    static final String SECOND_MOMENT = "moment2";

    public AdamW {
        boolean valid = beta1 >= 0
                && beta1 < 1
                && beta2 >= 0
                && beta2 < 1
                && epsilon > 0
                && weightDecay >= 0
                && maxGradientNorm > 0;
        if (!valid) {
            throw new IllegalArgumentException("AdamW settings out of range: beta1 " + beta1 + ", beta2 " + beta2
                    + ", epsilon " + epsilon + ", weight decay " + weightDecay + ", max norm " + maxGradientNorm);
        }
    }

    @Override
    public String name() {
        return "adamw";
    }

    @Override
    public SortedMap<String, String> settings() {
        return new TreeMap<>(Map.of(
                "adam_beta1", Double.toString(beta1),
                "adam_beta2", Double.toString(beta2),
                "adam_epsilon", Double.toString(epsilon)));
    }

    @Override
    public List<StateTensor> state(Parameter parameter) {
        return List.of(
                new StateTensor(FIRST_MOMENT, parameter.shape()), new StateTensor(SECOND_MOMENT, parameter.shape()));
    }

    @Override
    public Map<String, Double> scalars(double learningRate, long update) {
        return Map.of(
                LEARNING_RATE, learningRate,
                STEP_SIZE, learningRate / (1 - Math.pow(beta1, update)),
                SECOND_CORRECTION, 1 / Math.sqrt(1 - Math.pow(beta2, update)));
    }

    @Override
    public void write(ParameterUpdate update) {
        Ops ops = update.ops();
        Value g = update.gradient();
        Value firstChange = ops.mul(ops.sub(g, update.state(FIRST_MOMENT)), update.ifFinite(1 - beta1));
        Value secondChange = ops.mul(ops.sub(ops.mul(g, g), update.state(SECOND_MOMENT)), update.ifFinite(1 - beta2));
        Value first = update.add(update.state(FIRST_MOMENT), firstChange);
        Value second = update.add(update.state(SECOND_MOMENT), secondChange);
        Value root = ops.mul(ops.sqrt(second), update.scalar(SECOND_CORRECTION));
        Value direction = ops.div(first, ops.add(root, epsilon));
        Value change = ops.mul(direction, ops.neg(update.ifFinite(update.scalar(STEP_SIZE))));
        update.add(update.weight(), update.withDecay(change, weightDecay));
    }
}
