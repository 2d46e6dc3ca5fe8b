package org.dilort.data;

import java.util.Arrays;
import java.util.List;
import org.dilort.runtime.MicroBatch;

/** Writes rows of documents as the arrays of a {@link MicroBatch}; knows the optimizer step that they are part of. */
final class Collator {
    private final List<TokenizedPair> pairs;
    private final ReferenceScores references;
    private final float[] stepCounts;

    Collator(List<TokenizedPair> pairs, ReferenceScores references) {
        this.pairs = pairs;
        this.references = references;
        long chosenTokens =
                pairs.stream().mapToLong(pair -> pair.chosen().length).sum();
        this.stepCounts = new float[] {pairs.size(), chosenTokens};
    }

    /** Pairs are numbered in the order in which the rows show them. */
    MicroBatch collate(List<Row> rows) {
        int[] numbers = rows.stream()
                .flatMap(row -> row.documents().stream())
                .mapToInt(Document::pair)
                .distinct()
                .toArray();
        int length = rows.stream().mapToInt(Row::length).max().orElseThrow();
        TokenGrid grid = new TokenGrid(rows.size(), length);
        TargetList targets = new TargetList();
        int[] local = localNumbers(numbers);
        for (int row = 0; row < rows.size(); row++) {
            write(rows.get(row), row * length, local, grid, targets);
        }
        ReferenceScores own = references.select(numbers);
        return new MicroBatch(
                rows.size(),
                length,
                grid.inputIds(),
                grid.positionIds(),
                grid.documentIds(),
                grid.branchIds(),
                targets.positions(),
                targets.ids(),
                targets.sequences(),
                pairIndices(numbers),
                own.sums(),
                pairWeights(numbers.length),
                stepCounts.clone(),
                joined(own.tokens()));
    }

    private static void write(Row row, int start, int[] local, TokenGrid grid, TargetList targets) {
        int at = start;
        int number = 0;
        for (Document document : row.documents()) {
            number++;
            int trunkLength = document.trunk().length;
            grid.write(at, document.trunk(), number, 0, 0);
            at += trunkLength;
            int trunkEnd = at - 1;
            for (Branch branch : document.branches()) {
                int response = at + branch.lead().length;
                grid.write(at, branch.lead(), number, branch.id(), trunkLength);
                grid.write(response, branch.response(), number, branch.id(), trunkLength + branch.lead().length);
                targets.add(local[document.pair()], branch, trunkEnd, response);
                at += branch.length();
            }
        }
    }

    /** From the number of a pair in the step to its number in the micro-batch. */
    private int[] localNumbers(int[] numbers) {
        int[] local = new int[pairs.size()];
        for (int i = 0; i < numbers.length; i++) {
            local[numbers[i]] = i;
        }
        return local;
    }

    private int[] pairIndices(int[] numbers) {
        return Arrays.stream(numbers)
                .map(number -> Math.toIntExact(pairs.get(number).index()))
                .toArray();
    }

    /** In the order of the targets: by pair, chosen before rejected. */
    private static float[] joined(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private float[] pairWeights(int count) {
        float[] weights = new float[count];
        Arrays.fill(weights, 1f / pairs.size());
        return weights;
    }
}
