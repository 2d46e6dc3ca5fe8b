package org.dilort.heads;

import java.util.Set;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/** What {@link KtoPair} takes for the divergence between policy and reference. */
enum KtoShift {
    /** The step's mean reward of the other side, at least 0; the gradient flows through it. */
    MEAN("kto_pair", "max(0, mean f)"),
    /** The same as a constant in the backward pass. */
    DETACHED_MEAN("kto_pair_detached", "max(0, mean f) without gradient"),
    /** 0, which makes pairs independent. */
    ZERO("kto_zero", "0");

    private final String headName;
    private final String formula;

    KtoShift(String headName, String formula) {
        this.headName = headName;
        this.formula = formula;
    }

    String headName() {
        return headName;
    }

    String formula() {
        return formula;
    }

    Scope scope() {
        return this == ZERO ? Scope.PAIR : Scope.STEP;
    }

    Set<OptionalInput> optionalInputs() {
        return this == DETACHED_MEAN ? Set.of(OptionalInput.DETACHED_LOGPS) : Set.of();
    }

    /** The shifts of both sides, {@code [1, 1]}. */
    Sides build(HeadInputs in, Sides rewards) {
        return switch (this) {
            case MEAN -> rewards.map(side -> positiveMean(in.ops(), side));
            case DETACHED_MEAN -> in.detachedRewards().map(side -> positiveMean(in.ops(), side));
            case ZERO -> rewards.map(side -> in.ops().scalar(side, 0));
        };
    }

    /** max(0, mean), with derivative 1 at 0. */
    private static Value positiveMean(Ops ops, Value column) {
        Value mean = ops.reduceMean(column, 0);
        Value zero = ops.scalar(mean, 0);
        return ops.where(ops.lessOrEqual(zero, mean), mean, zero);
    }
}
