package org.dilort.heads;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * The heads of an objective inside a larger graph.
 *
 * @param losses {@code [pairs]}, the weighted sum over the heads
 * @param rewards {@code [pairs, 2]}, of the first head
 * @param saturated {@code [pairs]}, 1 where a head met an exponent above its cap, else 0
 * @param nextState the states of all heads that have one as one value, none without any
 */
public record ObjectiveLosses(Value losses, Value rewards, Value saturated, List<Value> nextState) {

    public ObjectiveLosses {
        nextState = List.copyOf(nextState);
    }

    /** @param bindings the optional inputs that {@link Objective#optionalInputs} asks for, the states as one vector */
    public static ObjectiveLosses inline(Ops ops, Objective objective, HeadGraph.Bindings bindings) {
        List<HeadGraph.Inlined> heads = new ArrayList<>();
        int stateAt = 0;
        for (int i = 0; i < objective.terms().size(); i++) {
            Objective.Term term = objective.terms().get(i);
            HeadGraph.Bindings own = term.hasState() ? withState(ops, bindings, stateAt) : bindings;
            stateAt += term.hasState() ? Objective.STATE_VALUES : 0;
            String scope = objective.terms().size() == 1 ? "head" : "head" + i;
            heads.add(ops.scope(scope, () -> HeadGraph.inline(ops.graph(), term.spec(), own)));
        }
        return new ObjectiveLosses(
                weightedSum(ops, objective, heads),
                heads.get(0).rewards(),
                saturated(ops, heads),
                nextState(ops, heads));
    }

    private static HeadGraph.Bindings withState(Ops ops, HeadGraph.Bindings bindings, int from) {
        String name = OptionalInput.STATE.names().get(0);
        Map<String, Value> inputs = new LinkedHashMap<>(bindings.optionalInputs());
        inputs.computeIfPresent(name, (key, all) -> ops.slice(all, 0, from, (long) from + Objective.STATE_VALUES));
        return new HeadGraph.Bindings(
                bindings.policyLogps(), bindings.referenceLogps(), bindings.lengths(), bindings.stepCounts(), inputs);
    }

    private static Value weightedSum(Ops ops, Objective objective, List<HeadGraph.Inlined> heads) {
        List<Value> parts = new ArrayList<>();
        for (int i = 0; i < heads.size(); i++) {
            double weight = objective.terms().get(i).weight();
            Value losses = heads.get(i).losses();
            parts.add(weight == 1 ? losses : ops.mul(losses, weight));
        }
        return parts.stream().reduce(ops::add).orElseThrow();
    }

    private static Value saturated(Ops ops, List<HeadGraph.Inlined> heads) {
        return heads.stream()
                .flatMap(head -> Optional.ofNullable(head.outputs().get(HeadGraph.SATURATED)).stream())
                .reduce(ops::max)
                .orElseGet(() -> ops.zerosLike(heads.get(0).losses()));
    }

    private static List<Value> nextState(Ops ops, List<HeadGraph.Inlined> heads) {
        Value[] states = heads.stream()
                .flatMap(head -> Optional.ofNullable(head.outputs().get(HeadGraph.NEXT_STATE)).stream())
                .toArray(Value[]::new);
        return states.length == 0 ? List.of() : List.of(ops.concat(0, states));
    }
}
