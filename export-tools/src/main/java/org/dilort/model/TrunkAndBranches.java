package org.dilort.model;

import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Who sees whom in a row of documents, each a trunk (the prompt) with its branches (the responses).
 *
 * <p>Token i sees token j when both are of one document (not 0), j is at i's column or before it, and j lies in the
 * trunk or in i's own branch. A padded token sees itself, so that no softmax is over nothing.
 */
public final class TrunkAndBranches {
    /** Small enough that exp gives exactly 0, far from what float arithmetic could overflow. */
    static final double NOT_SEEN = -1e9;

    private TrunkAndBranches() {}

    /**
     * @param documentIds int64 {@code [rows, length]}
     * @param branchIds int64 {@code [rows, length]}
     * @return the additive mask, {@code [rows, 1, 1, length, length]}
     */
    public static Value mask(Ops ops, Value documentIds, Value branchIds, DType dtype) {
        Dim rows = documentIds.dim(0);
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
        Value allowed = ops.or(seen, ops.equal(column, own));
        Value like = ops.constant(org.dilort.onnx.Tensor.scalar(dtype, 0));
        Value mask = ops.where(allowed, like, ops.scalar(like, NOT_SEEN));
        return ops.reshape(mask, rows, Dim.ONE, Dim.ONE, length, length);
    }
}
