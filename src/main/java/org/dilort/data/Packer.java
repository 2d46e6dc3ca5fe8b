package org.dilort.data;

import java.util.ArrayList;
import java.util.List;
import org.dilort.runtime.MicroBatch;

/**
 * Lays the pairs of one optimizer step out in micro-batches: every pair in exactly one of them, padding kept low, the
 * same answer every time. Gradients of any layout add up to the same step, because weights and counts are those of the
 * step.
 */
public final class Packer {
    private final PackOptions options;

    public Packer(PackOptions options) {
        this.options = options;
    }

    /** As {@link #pack(List, ReferenceScores)}, with zeros as reference log-probabilities. */
    public List<MicroBatch> pack(List<TokenizedPair> pairs) {
        return pack(pairs, ReferenceScores.zeros(pairs.size()));
    }

    /** @param references in the order of {@code pairs} */
    public List<MicroBatch> pack(List<TokenizedPair> pairs, ReferenceScores references) {
        if (references.pairs() != pairs.size()) {
            throw new IllegalArgumentException(
                    "reference log-probabilities of " + references.pairs() + " pairs, expected " + pairs.size());
        }
        Collator collator = new Collator(pairs, references);
        return rows(pairs).stream().map(collator::collate).toList();
    }

    /** The rows of each micro-batch, before they become arrays. */
    List<List<Row>> rows(List<TokenizedPair> pairs) {
        if (pairs.isEmpty()) {
            throw new IllegalArgumentException("no pairs to pack");
        }
        List<Document> documents = new ArrayList<>(pairs.size());
        for (int i = 0; i < pairs.size(); i++) {
            documents.add(Document.of(i, pairs.get(i)));
        }
        int rowTokens = Math.min(options.rowTokens(), options.microBatchTokens());
        List<Block> blocks = options.layout().blocks(documents, rowTokens);
        return MicroBatchPlanner.plan(blocks, options.microBatchTokens());
    }
}
