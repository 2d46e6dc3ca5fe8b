package org.dilort.autodiff;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.dilort.onnx.Node;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/** One step of the walk: a node, the gradients that reached its outputs, and where those of its inputs go. */
final class Backward {
    private final Ops ops;
    private final Node node;
    private final List<Optional<Value>> outputGradients;
    private final Predicate<Value> wanted;
    private final BiConsumer<Value, Value> sink;
    private final Map<Value, Value> negations;

    Backward(
            Ops ops,
            Node node,
            List<Optional<Value>> outputGradients,
            Predicate<Value> wanted,
            BiConsumer<Value, Value> sink,
            Map<Value, Value> negations) {
        this.ops = ops;
        this.node = node;
        this.outputGradients = outputGradients;
        this.wanted = wanted;
        this.sink = sink;
        this.negations = negations;
    }

    Ops ops() {
        return ops;
    }

    Node node() {
        return node;
    }

    Value in(int index) {
        return node.input(index);
    }

    Value out(int index) {
        return node.output(index);
    }

    /** The gradient of output {@code index}, zeros where none reached it. */
    Value dy(int index) {
        return outputGradients.get(index).orElseGet(() -> ops.zerosLike(out(index)));
    }

    /** The gradient of the first output. */
    Value dy() {
        return dy(0);
    }

    /** Minus {@code value}, made once for the whole walk. */
    Value negated(Value value) {
        Value negation = negations.get(value);
        if (negation == null) {
            negation = ops.neg(value);
            negations.put(value, negation);
        }
        return negation;
    }

    /** Hands on the gradient of input {@code index}; it is built only where it is wanted. */
    Backward to(int index, Supplier<Value> gradient) {
        if (wanted.test(in(index))) {
            sink.accept(in(index), gradient.get());
        }
        return this;
    }
}
