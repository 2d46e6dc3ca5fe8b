package org.dilort.artifacts;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.dilort.model.Parameter;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Lion (arXiv 2302.06675, algorithm 2): the sign of a momentum, so every weight moves by the learning rate.
 *
 * <pre>
 * c = beta1 m + (1 - beta1) g
 * m = beta2 m + (1 - beta2) g
 * W -= learning_rate (sign(c) + decay W)
 * </pre>
 *
 * <p>One tensor is kept for each parameter, half of AdamW's. Against AdamW the authors take a learning rate 3 to 10 times
 * smaller and a decay as many times greater.
 *
 * @param beta1 0 to 1, usually 0.9
 * @param beta2 0 to 1, usually 0.99
 * @param maxGradientNorm bound of the global gradient norm; infinity clips nothing
 */
public record Lion(double beta1, double beta2, double weightDecay, double maxGradientNorm) implements Optimizer {
    private static final String MOMENTUM = "momentum";

    public Lion {
        boolean valid = beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && weightDecay >= 0 && maxGradientNorm > 0;
        if (!valid) {
            throw new IllegalArgumentException("Lion settings out of range: beta1 " + beta1 + ", beta2 " + beta2
                    + ", weight decay " + weightDecay + ", max norm " + maxGradientNorm);
        }
    }

    @Override
    public String name() {
        return "lion";
    }

    @Override
    public SortedMap<String, String> settings() {
        return new TreeMap<>(Map.of("lion.beta1", Double.toString(beta1), "lion.beta2", Double.toString(beta2)));
    }

    @Override
    public List<StateTensor> state(Parameter parameter) {
        return List.of(new StateTensor(MOMENTUM, parameter.shape()));
    }

    @Override
    public Map<String, Double> scalars(double learningRate, long update) {
        return Map.of(LEARNING_RATE, learningRate);
    }

    /** With d = g - m, c is m + (1 - beta1) d; it is built on the momentum after its write, m + (1 - beta2) d. */
    @Override
    public void write(ParameterUpdate update) {
        Ops ops = update.ops();
        Value difference = ops.sub(update.gradient(), update.state(MOMENTUM));
        Value momentum = update.add(update.state(MOMENTUM), ops.mul(difference, update.ifFinite(1 - beta2)));
        Value between = ops.add(momentum, ops.mul(difference, beta2 - beta1));
        Value rate = update.ifFinite(update.scalar(LEARNING_RATE));
        Value change = ops.mul(ops.sign(between), ops.neg(rate));
        update.add(update.weight(), update.withDecay(change, weightDecay));
    }
}
