package org.dilort.autodiff;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.dilort.error.UnsupportedOperatorException;
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
    private final BitSet readOutputs = new BitSet();
    private final BitSet servedInputs = new BitSet();

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
        readOutputs.set(index);
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
        servedInputs.set(index);
        if (wanted.test(in(index))) {
            sink.accept(in(index), gradient.get());
        }
        return this;
    }

    /** Refuses a rule that has left out a gradient: one that came, or one that is wanted. */
    void requireComplete() {
        for (int i = 0; i < node.outputs().size(); i++) {
            if (outputGradients.get(i).isPresent() && !readOutputs.get(i)) {
                throw new UnsupportedOperatorException(
                        "no gradient rule for output " + i + " of " + node.op() + " in " + node);
            }
        }
        for (int i = 0; i < node.inputs().size(); i++) {
            if (wanted.test(in(i)) && !servedInputs.get(i)) {
                throw new UnsupportedOperatorException(
                        "no gradient rule for input " + i + " of " + node.op() + " in " + node);
            }
        }
    }
}
