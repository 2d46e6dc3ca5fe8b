package org.dilort.autodiff;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.dilort.error.UnsupportedOperatorException;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Node;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Shape;
import org.dilort.onnx.Value;

/**
 * A graph under construction that can be differentiated.
 *
 * <p>The walk finds the nodes between targets and root, visits them in reverse, adds up what several uses of a value
 * give, and sums over the axes that broadcasting had spread; a rule does only what is its operator's own.
 *
 * <p>A stretch of nodes may bring a gradient of its own ({@link #custom}): that is how a part is written that the
 * backward pass computes again instead of keeping.
 */
public final class Tape {
    private final Ops ops;
    private final Map<String, Rule> rules;
    private final Recompute recompute;
    private final TreeMap<Integer, Region> regions = new TreeMap<>();
    private final Map<Value, Value> negations = new HashMap<>();

    /** That keeps for the backward pass what the forward pass made. */
    public Tape(Ops ops, Form form) {
        this(ops, form, Recompute.NONE);
    }

    public Tape(Ops ops, Form form, Recompute recompute) {
        this.ops = ops;
        this.rules = Rules.table(form);
        this.recompute = recompute;
    }

    public Ops ops() {
        return ops;
    }

    /** Whether gradients flow through this operator. */
    public static boolean hasRule(String op) {
        return Rules.table(Form.PLAIN).containsKey(op);
    }

    /** Gives the gradients of {@code inputs} from those of the outputs, in order. */
    public interface CustomGradient {
        List<Value> gradients(List<Value> inputs, List<Value> outputGradients);
    }

    /** The same, from what the forward pass gave as well. */
    public interface CustomOutputGradient {
        List<Value> gradients(List<Value> inputs, List<Value> outputs, List<Value> outputGradients);
    }

    private record Region(int from, int to, List<Value> inputs, List<Value> outputs, RegionGradient gradient) {}

    /** Gives the gradients of those inputs that are {@code wanted}. */
    private interface RegionGradient {
        Map<Value, Value> gradients(List<Value> outputGradients, Predicate<Value> wanted);
    }

    /**
     * Builds {@code forward} as one unit with a gradient of its own; each of its outputs is made inside.
     *
     * @param inputs everything inside that a gradient may be asked for
     */
    public List<Value> custom(List<Value> inputs, Function<List<Value>, List<Value>> forward, CustomGradient gradient) {
        return custom(inputs, forward, (in, out, outputGradients) -> gradient.gradients(in, outputGradients));
    }

    /** The same with a gradient that reads the outputs, which then live until the backward pass. */
    public List<Value> custom(
            List<Value> inputs, Function<List<Value>, List<Value>> forward, CustomOutputGradient gradient) {
        int from = size();
        List<Value> declared = List.copyOf(inputs);
        List<Value> outputs = List.copyOf(forward.apply(declared));
        return region(from, declared, outputs, (outputGradients, wanted) -> {
            List<Value> results = gradient.gradients(declared, outputs, outputGradients);
            if (results.size() != declared.size()) {
                throw new IllegalArgumentException(results.size() + " gradients, expected one for each of " + declared);
            }
            Map<Value, Value> gradients = new LinkedHashMap<>();
            for (int i = 0; i < results.size(); i++) {
                gradients.put(declared.get(i), results.get(i));
            }
            return gradients;
        });
    }

    /** Makes one unit of all nodes from {@code from} on. */
    private List<Value> region(int from, List<Value> inputs, List<Value> outputs, RegionGradient gradient) {
        int to = size();
        requireMadeInside(outputs, ops.graph().nodes().subList(from, to));
        regions.subMap(from, to).clear();
        regions.put(from, new Region(from, to, inputs, outputs, gradient));
        return outputs;
    }

    private int size() {
        return ops.graph().nodes().size();
    }

    private static void requireMadeInside(List<Value> outputs, List<Node> nodes) {
        Set<Value> made = new HashSet<>();
        nodes.forEach(node -> made.addAll(node.outputs()));
        if (outputs.isEmpty() || !made.containsAll(outputs) || new HashSet<>(outputs).size() < outputs.size()) {
            throw new IllegalArgumentException(
                    "outputs " + outputs + ", expected values that the stretch itself makes");
        }
    }

    /** The same numbers, through which no gradient flows. */
    public Value detached(Value value) {
        return custom(List.of(), none -> List.of(ops.identity(value)), (none, gradients) -> List.of())
                .get(0);
    }

    /** A block of a model: kept for the backward pass or computed again in it, as this tape's policy says. */
    public Value block(Supplier<Value> forward) {
        return switch (recompute) {
            case NONE -> forward.get();
            case BLOCKS -> recomputed(() -> List.of(forward.get())).get(0);
        };
    }

    /**
     * Builds {@code forward} as a unit that is computed again in the backward pass, so that nothing inside outlives the
     * forward pass: only what it reads does. Asked twice, it must build the same.
     */
    public List<Value> recomputed(Supplier<List<Value>> forward) {
        int from = size();
        List<Value> outputs = List.copyOf(forward.get());
        List<Value> read = read(ops.graph().nodes().subList(from, size()));
        return region(from, read, outputs, (outputGradients, wanted) -> {
            int again = size();
            List<Value> remade = forward.get();
            Map<Value, Value> seeds = new LinkedHashMap<>();
            for (int i = 0; i < remade.size(); i++) {
                seeds.put(remade.get(i), outputGradients.get(i));
            }
            List<Value> targets = read.stream().filter(wanted).toList();
            List<Value> gradients = walk(seeds, targets, again);
            Map<Value, Value> byTarget = new LinkedHashMap<>();
            for (int i = 0; i < targets.size(); i++) {
                byTarget.put(targets.get(i), gradients.get(i));
            }
            return byTarget;
        });
    }

    /** What nodes read that none of them makes. */
    private static List<Value> read(List<Node> nodes) {
        Set<Value> made = new HashSet<>();
        Set<Value> read = new LinkedHashSet<>();
        for (Node node : nodes) {
            node.inputs().stream().filter(input -> !made.contains(input)).forEach(read::add);
            made.addAll(node.outputs());
        }
        return List.copyOf(read);
    }

    /** Gradients of a scalar with respect to {@code targets}, in their order; zeros for a target it does not need. */
    public List<Value> gradients(Value root, List<Value> targets) {
        if (root.rank() != 0) {
            throw new IllegalArgumentException("gradient of " + root + ": expected a scalar");
        }
        return walk(Map.of(root, ops.scalar(root, 1)), targets, 0);
    }

    private List<Value> walk(Map<Value, Value> seeds, List<Value> targets, int from) {
        for (Value target : targets) {
            if (!target.dtype().isFloat()) {
                throw new IllegalArgumentException("gradient with respect to " + target + ": expected a float type");
            }
        }
        List<Unit> units = units(from);
        Set<Value> dependent = new HashSet<>(targets);
        for (Unit unit : units) {
            if (unit.inputs().stream().anyMatch(dependent::contains)) {
                unit.outputs().stream()
                        .filter(output -> output.dtype().isFloat())
                        .forEach(dependent::add);
            }
        }
        Sums sums = new Sums(seeds);
        return ops.scope("gradient", () -> {
            for (int i = units.size() - 1; i >= 0; i--) {
                Unit unit = units.get(i);
                if (unit.outputs().stream().anyMatch(sums::has)
                        && unit.inputs().stream().anyMatch(dependent::contains)) {
                    unit.backward(dependent, sums);
                }
            }
            return targets.stream().map(sums::getOrZeros).toList();
        });
    }

    /** The nodes from {@code from} on, each region as one unit. */
    private List<Unit> units(int from) {
        List<Node> nodes = ops.graph().nodes();
        List<Unit> units = new ArrayList<>();
        for (int i = from; i < nodes.size(); i++) {
            Region region = regions.get(i);
            if (region == null) {
                units.add(new NodeUnit(nodes.get(i)));
                continue;
            }
            units.add(new RegionUnit(region));
            i = region.to() - 1;
        }
        return units;
    }

    private interface Unit {
        List<Value> inputs();

        List<Value> outputs();

        void backward(Set<Value> dependent, Sums sums);
    }

    private final class NodeUnit implements Unit {
        private final Node node;

        private NodeUnit(Node node) {
            this.node = node;
        }

        @Override
        public List<Value> inputs() {
            return node.inputs();
        }

        @Override
        public List<Value> outputs() {
            return node.outputs();
        }

        @Override
        public void backward(Set<Value> dependent, Sums sums) {
            try {
                applyRule(dependent, sums);
            } catch (UnsupportedOperatorException e) {
                throw new MissingGradientException(node.name(), e);
            }
        }

        private void applyRule(Set<Value> dependent, Sums sums) {
            Rule rule = rules.get(node.op());
            if (rule == null) {
                throw new UnsupportedOperatorException("no gradient rule for " + node.op() + " in " + node);
            }
            List<Optional<Value>> gradients =
                    node.outputs().stream().map(sums::get).toList();
            ops.scope(node.name(), () -> {
                Backward step = new Backward(ops, node, gradients, dependent::contains, sums::add, negations);
                rule.apply(step);
                step.requireComplete();
                return node;
            });
        }
    }

    private final class RegionUnit implements Unit {
        private final Region region;

        private RegionUnit(Region region) {
            this.region = region;
        }

        @Override
        public List<Value> inputs() {
            return region.inputs();
        }

        @Override
        public List<Value> outputs() {
            return region.outputs();
        }

        @Override
        public void backward(Set<Value> dependent, Sums sums) {
            List<Value> gradients =
                    region.outputs().stream().map(sums::getOrZeros).toList();
            requireDeclared(dependent);
            region.gradient().gradients(gradients, dependent::contains).forEach((input, gradient) -> {
                if (dependent.contains(input)) {
                    sums.add(input, gradient);
                }
            });
        }

        /** A value that the stretch reads without declaring it would silently get no gradient. */
        private void requireDeclared(Set<Value> dependent) {
            Set<Value> known = new HashSet<>(region.inputs());
            for (Node node : ops.graph().nodes().subList(region.from(), region.to())) {
                for (Value input : node.inputs()) {
                    if (dependent.contains(input) && !known.contains(input)) {
                        throw new IllegalArgumentException("gradient of " + input + " is lost: " + node
                                + " reads it, and the inputs are " + region.inputs());
                    }
                }
                known.addAll(node.outputs());
            }
        }
    }

    /** The gradient of each value so far; absence is zero. */
    private final class Sums {
        private final Map<Value, Value> sums;

        private Sums(Map<Value, Value> seeds) {
            sums = new HashMap<>(seeds);
        }

        private boolean has(Value value) {
            return sums.containsKey(value);
        }

        private Optional<Value> get(Value value) {
            return Optional.ofNullable(sums.get(value));
        }

        private Value getOrZeros(Value value) {
            return get(value).orElseGet(() -> ops.zerosLike(value));
        }

        private void add(Value value, Value gradient) {
            if (gradient.dtype() != value.dtype()) {
                throw new IllegalStateException("gradient of " + value + " has type " + gradient.dtype());
            }
            Value reduced = sumToShape(gradient, value.shape());
            sums.merge(value, reduced, ops::add);
        }
    }

    /** Sums over the axes that broadcasting had added or spread. */
    private Value sumToShape(Value gradient, Shape shape) {
        if (gradient.shape().equals(shape)) {
            return gradient;
        }
        int added = gradient.rank() - shape.rank();
        List<Long> axes = new ArrayList<>();
        for (int axis = 0; axis < gradient.rank(); axis++) {
            boolean spread = axis >= added
                    && shape.dim(axis - added).isOne()
                    && !gradient.dim(axis).isOne();
            if (axis < added || spread) {
                axes.add((long) axis);
            }
        }
        Value sum = axes.isEmpty()
                ? gradient
                : ops.reduceSum(
                        gradient, axes.stream().mapToLong(Long::longValue).toArray());
        return ops.reshape(sum, shape.dims().toArray(Dim[]::new));
    }
}
