package org.dilort.data;

import java.util.List;

/** Rows that belong into one micro-batch. */
record Block(List<Row> rows) {

    Block {
        rows = List.copyOf(rows);
    }

    int length() {
        return rows.stream().mapToInt(Row::length).max().orElse(0);
    }
}
