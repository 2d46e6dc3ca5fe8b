package org.dilort.artifacts;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.dilort.model.Parameter;
import org.dilort.onnx.DType;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * {@link AdamW} by one kernel for each parameter, which reads and writes every number once: for CUDA alone, since ONNX
 * Runtime's CPU kernel neither clips nor leaves out an update that is not finite.
 *
 * <p>The kernel counts updates itself, in the memory of its operand, so each parameter takes over the count of the one
 * before and makes it this update's again.
 */
public record FusedAdamW(AdamW rule) implements Optimizer {
    private static final String UPDATE = "update";
    private static final String COUNT = "count";
    private static final String DIVISOR = "divisor";

    @Override
    public String name() {
        return rule.name();
    }

    @Override
    public double weightDecay() {
        return rule.weightDecay();
    }

    @Override
    public double maxGradientNorm() {
        return rule.maxGradientNorm();
    }

    @Override
    public SortedMap<String, String> settings() {
        return rule.settings();
    }

    @Override
    public List<StateTensor> state(Parameter parameter) {
        return rule.state(parameter);
    }

    @Override
    public Map<String, Double> scalars(double learningRate, long update) {
        return Map.of(LEARNING_RATE, learningRate, UPDATE, (double) update);
    }

    @Override
    public void write(ParameterUpdate update) {
        Ops ops = update.ops();
        Ops.AdamState state = new Ops.AdamState(
                update.shared(COUNT, () -> ops.unsqueeze(ops.cast(update.scalar(UPDATE), DType.INT64), 0)),
                update.weight(),
                update.rawGradient(),
                update.state(AdamW.FIRST_MOMENT),
                update.state(AdamW.SECOND_MOMENT));
        ParameterUpdate.Clipped clipped = update.gradients();
        Value next = ops.adam(
                update.scalar(LEARNING_RATE),
                state,
                update.shared(DIVISOR, () -> ops.reciprocal(clipped.factor())),
                clipped.finite(),
                Map.of(
                        "alpha", rule.beta1(),
                        "beta", rule.beta2(),
                        "lambda", update.isDecayed() ? rule.weightDecay() : 0,
                        "epsilon", rule.epsilon()));
        update.share(COUNT, ops.add(next, -1));
        update.done(next);
    }
}
