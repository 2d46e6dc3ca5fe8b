package org.dilort.data;

import java.util.List;

/** How pairs become documents and rows; the numbers of a model are the same for both. */
public enum Layout {
    /** One document per pair, its trunk computed once; several documents share a row. */
    SHARED_TRUNK {
        @Override
        List<Block> blocks(List<Document> pairs, int rowTokens) {
            return RowPacker.pack(pairs, rowTokens).stream()
                    .map(row -> new Block(List.of(row)))
                    .toList();
        }
    },
    /** One row per sequence, the trunk computed for each: what other frameworks do. */
    ROW_PER_SEQUENCE {
        @Override
        List<Block> blocks(List<Document> pairs, int rowTokens) {
            return pairs.stream()
                    .map(pair ->
                            new Block(pair.sequences().stream().map(Row::of).toList()))
                    .toList();
        }
    };

    /** Rows that must stay in one micro-batch, because a pair is spread over them. */
    abstract List<Block> blocks(List<Document> pairs, int rowTokens);
}
