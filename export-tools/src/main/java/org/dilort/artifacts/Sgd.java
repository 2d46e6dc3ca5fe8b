package org.dilort.artifacts;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.dilort.model.Parameter;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Gradient descent with momentum, as PyTorch's {@code torch.optim.SGD} defines it (dampening 0): the momentum adds
 * gradients up undamped, and weight decay is a part of the gradient, so the momentum carries it too.
 *
 * <pre>
 * g += decay W
 * b = momentum b + g
 * W -= learning_rate b                      or with Nesterov's momentum: learning_rate (g + momentum b)
 * </pre>
 *
 * <p>Without momentum nothing is kept and W -= learning_rate g.
 *
 * @param momentum 0 to 1, usually 0.9; the last 1 / (1 - momentum) gradients count
 * @param maxGradientNorm bound of the global gradient norm; infinity clips nothing
 */
public record Sgd(double momentum, Look look, double weightDecay, double maxGradientNorm) implements Optimizer {
    private static final String MOMENTUM = "momentum";

    /** Where the step is taken from. */
    public enum Look {
        PLAIN,
        /** One step of the momentum ahead. */
        NESTEROV
    }

    public Sgd {
        boolean valid = momentum >= 0 && momentum < 1 && weightDecay >= 0 && maxGradientNorm > 0;
        if (!valid || look == Look.NESTEROV && momentum == 0) {
            throw new IllegalArgumentException("SGD settings out of range: momentum " + momentum + ", " + look
                    + ", weight decay " + weightDecay + ", max norm " + maxGradientNorm);
        }
    }

    @Override
    public String name() {
        return "sgd";
    }

    @Override
    public SortedMap<String, String> settings() {
        return new TreeMap<>(Map.of(
                "sgd.momentum", Double.toString(momentum), "sgd.nesterov", Boolean.toString(look == Look.NESTEROV)));
    }

    @Override
    public List<StateTensor> state(Parameter parameter) {
        return momentum == 0 ? List.of() : List.of(new StateTensor(MOMENTUM, parameter.shape()));
    }

    @Override
    public Map<String, Double> scalars(double learningRate, long update) {
        return Map.of(LEARNING_RATE, learningRate);
    }

    @Override
    public void write(ParameterUpdate update) {
        Ops ops = update.ops();
        Value g = update.gradient();
        if (weightDecay > 0 && update.isDecayed()) {
            g = ops.add(g, ops.mul(update.weight(), weightDecay));
        }
        Value direction = momentum == 0 ? g : direction(update, g);
        Value rate = update.ifFinite(update.scalar(LEARNING_RATE));
        update.add(update.weight(), ops.mul(direction, ops.neg(rate)));
    }

    private Value direction(ParameterUpdate update, Value g) {
        Ops ops = update.ops();
        Value fading = ops.mul(update.state(MOMENTUM), 1 - momentum);
        Value change = ops.mul(ops.sub(g, fading), update.ifFinite(1));
        Value summed = update.add(update.state(MOMENTUM), change);
        return look == Look.PLAIN ? summed : ops.add(g, ops.mul(summed, momentum));
    }
}
