package org.dilort.artifacts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.dilort.model.Parameter;
import org.dilort.onnx.DType;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Shape;
import org.dilort.onnx.Tensor;
import org.dilort.onnx.Value;

/**
 * What an {@link Optimizer} builds one parameter's update from, and the writes that it makes.
 *
 * <p>A write in place is no dependency: each one needs, through its operand, all that must read the old value.
 */
final class ParameterUpdate {
    private final Ops ops;
    private final Tensors tensors;
    private final Clipped gradients;
    private final Map<String, Value> scalars;
    private final Map<String, Value> shared;
    private final boolean decayed;
    private final List<Value> done = new ArrayList<>();

    /**
     * A parameter with what belongs to it.
     *
     * @param gradient its sum over the micro-batches of a step
     * @param state by kind
     */
    record Tensors(Parameter parameter, Value weight, Value gradient, Map<String, Value> state) {}

    /**
     * How the gradients of all parameters are bounded together.
     *
     * @param factor what every gradient is multiplied by
     * @param finite whether the norm is finite; where it is not, nothing may change
     */
    record Clipped(Value factor, Value finite) {}

    /** @param shared what the updates of other parameters have left; added to */
    ParameterUpdate(
            Ops ops,
            Tensors tensors,
            Clipped gradients,
            Map<String, Value> scalars,
            Map<String, Value> shared,
            boolean decayed) {
        this.ops = ops;
        this.tensors = tensors;
        this.gradients = gradients;
        this.scalars = Map.copyOf(scalars);
        this.shared = shared;
        this.decayed = decayed;
    }

    Ops ops() {
        return ops;
    }

    Parameter parameter() {
        return tensors.parameter();
    }

    Value weight() {
        return tensors.weight();
    }

    /** The clipped gradient; zeros where the norm of all gradients is not finite. */
    Value gradient() {
        Value zero = ops.scalar(tensors.gradient(), 0);
        Value usable = ops.where(gradients.finite(), tensors.gradient(), zero);
        return ops.mul(usable, gradients.factor());
    }

    Clipped gradients() {
        return gradients;
    }

    /** As it was summed up, not clipped. */
    Value rawGradient() {
        return tensors.gradient();
    }

    /** What another parameter's update has left under this name, or what {@code first} makes. */
    Value shared(String name, Supplier<Value> first) {
        return shared.computeIfAbsent(name, key -> first.get());
    }

    /** Leaves a value for the updates of the parameters that follow. */
    void share(String name, Value value) {
        shared.put(name, value);
    }

    Value state(String kind) {
        return tensors.state().get(kind);
    }

    Value scalar(String name) {
        return scalars.get(name);
    }

    boolean isDecayed() {
        return decayed;
    }

    /** The number, or 0 where nothing may change. */
    Value ifFinite(double number) {
        return ifFinite(ops.constant(Tensor.of(DType.FLOAT, Shape.SCALAR, number)));
    }

    Value ifFinite(Value scalar) {
        return ops.where(gradients.finite(), scalar, ops.scalar(scalar, 0));
    }

    /** A change of the weight, and a decoupled decay where this parameter has one: - learning_rate decay W. */
    Value withDecay(Value change, double decay) {
        if (decay == 0 || !decayed) {
            return change;
        }
        Value rate = ops.mul(ifFinite(scalar(Optimizer.LEARNING_RATE)), -decay);
        return ops.add(change, ops.mul(weight(), rate));
    }

    /** Adds to the weight or a state tensor in place, and gives it as it is then. */
    Value add(Value buffer, Value change) {
        Ops.Accumulated written = ops.accumulate(buffer, change);
        done.add(written.done());
        return written.updated();
    }

    /** A write that {@link #add} did not make. */
    void done(Value flag) {
        done.add(flag);
    }

    /** A value of one element for each write; an output must need it. */
    List<Value> done() {
        return List.copyOf(done);
    }
}
