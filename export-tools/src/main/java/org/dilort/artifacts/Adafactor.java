package org.dilort.artifacts;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.dilort.model.Parameter;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Shape;
import org.dilort.onnx.Value;

/**
 * Adafactor (arXiv 1804.04235, algorithms 4 and 5), as fairseq and transformers define it with {@code relative_step},
 * {@code scale_parameter} and {@code warmup_init} off and no first moment: the learning rate is the schedule's. The second
 * moment of a matrix is kept as the means of its rows and of its columns.
 *
 * <pre>
 * k = t^-decay_rate
 * R += k (row mean(g² + epsilon) - R)       C += k (column mean(g² + epsilon) - C)
 * u = g / sqrt(R / mean(R)) / sqrt(C)       a vector keeps V += k (g² + epsilon - V) instead, u = g / sqrt(V)
 * u /= max(1, rms(u) / clip_threshold)
 * W -= learning_rate (u + decay W)
 * </pre>
 *
 * <p>Rows and columns are those of the last two dimensions. {@code second_change} is k; at the first update it is 1, so
 * the zeros at the beginning need no correction.
 *
 * @param decayRate above 0 to 1, usually 0.8; transformers' {@code decay_rate} is its negative
 * @param epsilon above 0, usually 1e-30; transformers' {@code eps[0]}
 * @param clipThreshold above 0, usually 1: bound of the root mean square of a parameter's update
 * @param maxGradientNorm bound of the global gradient norm; infinity clips nothing
 */
public record Adafactor(
        double decayRate, double epsilon, double clipThreshold, double weightDecay, double maxGradientNorm)
        implements Optimizer {
    private static final String SECOND_CHANGE = "second_change";
    private static final String ROWS = "rows";
    private static final String COLUMNS = "columns";
    private static final String SECOND_MOMENT = "moment2";

    /** Smaller ones are 0 as float32. */
    private static final double LEAST_EPSILON = 1e-37;

    public Adafactor {
        boolean valid = decayRate > 0
                && decayRate <= 1
                && epsilon >= LEAST_EPSILON
                && clipThreshold > 0
                && weightDecay >= 0
                && maxGradientNorm > 0;
        if (!valid) {
            throw new IllegalArgumentException("Adafactor settings out of range: decay rate " + decayRate + ", epsilon "
                    + epsilon + ", clip threshold " + clipThreshold + ", weight decay " + weightDecay + ", max norm "
                    + maxGradientNorm);
        }
    }

    @Override
    public String name() {
        return "adafactor";
    }

    @Override
    public SortedMap<String, String> settings() {
        return new TreeMap<>(Map.of(
                "adafactor.decay_rate", Double.toString(decayRate),
                "adafactor.epsilon", Double.toString(epsilon),
                "adafactor.clip_threshold", Double.toString(clipThreshold)));
    }

    @Override
    public List<StateTensor> state(Parameter parameter) {
        Shape shape = parameter.shape();
        return shape.rank() < 2
                ? List.of(new StateTensor(SECOND_MOMENT, shape))
                : List.of(
                        new StateTensor(ROWS, shape.with(-1, Dim.ONE)),
                        new StateTensor(COLUMNS, shape.with(-2, Dim.ONE)));
    }

    @Override
    public Map<String, Double> scalars(double learningRate, long update) {
        return Map.of(LEARNING_RATE, learningRate, SECOND_CHANGE, Math.pow(update, -decayRate));
    }

    @Override
    public void write(ParameterUpdate update) {
        Ops ops = update.ops();
        Value g = update.gradient();
        Value squares = ops.add(ops.mul(g, g), epsilon);
        Value scale = update.weight().rank() < 2 ? elementScale(update, squares) : factoredScale(update, squares);
        Value direction = ops.mul(g, scale);
        Value count = ops.scalar(direction, update.parameter().elements());
        Value rms = ops.sqrt(ops.div(ops.sumSquares(direction), count));
        Value excess = ops.max(ops.div(rms, ops.scalar(rms, clipThreshold)), ops.scalar(rms, 1));
        Value rate = update.ifFinite(update.scalar(LEARNING_RATE));
        Value change = ops.mul(direction, ops.neg(ops.div(rate, excess)));
        update.add(update.weight(), update.withDecay(change, weightDecay));
    }

    private Value elementScale(ParameterUpdate update, Value squares) {
        return inverseRoot(update.ops(), follow(update, SECOND_MOMENT, squares));
    }

    private Value factoredScale(ParameterUpdate update, Value squares) {
        Ops ops = update.ops();
        Value rows = follow(update, ROWS, ops.reduceMean(squares, -1)); // [rows, 1]
        Value columns = follow(update, COLUMNS, ops.reduceMean(squares, -2)); // [1, columns]
        Value shares = ops.div(rows, ops.reduceMean(rows, -2));
        return ops.mul(inverseRoot(ops, shares), inverseRoot(ops, columns));
    }

    /** A mean never falls below epsilon but where no update was applied yet, and there it must not divide by zero. */
    private Value follow(ParameterUpdate update, String kind, Value squares) {
        Ops ops = update.ops();
        Value share = update.ifFinite(update.scalar(SECOND_CHANGE));
        Value mean = update.add(update.state(kind), ops.mul(ops.sub(squares, update.state(kind)), share));
        return ops.max(mean, ops.scalar(mean, epsilon));
    }

    private static Value inverseRoot(Ops ops, Value x) {
        return ops.reciprocal(ops.sqrt(x));
    }
}
