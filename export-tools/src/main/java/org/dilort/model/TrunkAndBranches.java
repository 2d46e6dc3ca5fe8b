package org.dilort.model;

import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Tensor;
import org.dilort.onnx.Value;

/**
 * Who sees whom in a row of documents, each a trunk (the prompt) with its branches (the responses).
 *
 * <p>Token i sees token j when both are of one document (not 0), j is at i's column or before it, j lies in the trunk
 * or in i's own branch, and j's position lies in the window. A padded token sees itself, so that no softmax is over
 * nothing.
 */
public final class TrunkAndBranches {
    /** Small enough that exp gives exactly 0, far from what float arithmetic could overflow. */
    public static final double NOT_SEEN = -1e9;

    private TrunkAndBranches() {}

    /** The additive masks, {@code [rows, 1, 1, length, length]}. */
    public static AttentionMasks masks(Ops ops, BatchInputs batch, DType dtype) {
        return new AttentionMasks(window -> {
            Value seen = seen(ops, batch.documentIds(), batch.branchIds());
            Value near = window.isUnbounded() ? seen : ops.and(seen, near(ops, batch.positionIds(), window));
            return additive(ops, near, dtype);
        });
    }

    /** Bool {@code [rows, length, length]}: who sees whom without a window. */
    private static Value seen(Ops ops, Value documentIds, Value branchIds) {
        Dim length = documentIds.dim(1);
        Value zero = ops.scalar(documentIds, 0);
        Value document = ops.unsqueeze(documentIds, 2); // [rows, length, 1]
        Value sameDocument = ops.equal(document, ops.unsqueeze(documentIds, 1)); // [rows, length, length]
        Value otherBranch = ops.unsqueeze(branchIds, 1); // [rows, 1, length]
        Value openBranch = ops.or(ops.equal(otherBranch, zero), ops.equal(otherBranch, ops.unsqueeze(branchIds, 2)));
        Value column = ops.range(length); // [length]
        Value own = ops.unsqueeze(column, 1); // [length, 1]
        Value notLater = ops.lessOrEqual(column, own); // [length, length]
        Value real = ops.greater(document, zero); // [rows, length, 1]
        Value seen = ops.and(ops.and(sameDocument, openBranch), ops.and(notLater, real));
        return ops.or(seen, ops.equal(column, own));
    }

    /** Bool {@code [rows, length, length]}: position_i - position_j lies in the window; a token is near itself. */
    private static Value near(Ops ops, Value positionIds, Window window) {
        Value distance = ops.sub(ops.unsqueeze(positionIds, 2), ops.unsqueeze(positionIds, 1));
        return ops.lessOrEqual(distance, ops.scalar(positionIds, window.tokens() - 1));
    }

    /** {@code [rows, length, total] -> [rows, 1, 1, length, total]}. */
    public static Value additive(Ops ops, Value seen, DType dtype) {
        Value zero = ops.constant(Tensor.scalar(dtype, 0));
        Value mask = ops.where(seen, zero, ops.scalar(zero, NOT_SEEN));
        return ops.reshape(mask, mask.dim(0), Dim.ONE, Dim.ONE, mask.dim(1), mask.dim(2));
    }
}
