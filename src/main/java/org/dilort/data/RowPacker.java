package org.dilort.data;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Best-fit decreasing: documents, the longest first and equal ones in their order, each into the fullest row that has
 * room for it. A document over the bound gets a row of its own.
 */
final class RowPacker {
    private final int rowTokens;
    private final List<List<Document>> rows = new ArrayList<>();
    /** Free tokens to the rows that have just so many free. */
    private final TreeMap<Integer, Deque<List<Document>>> byRoom = new TreeMap<>();

    private RowPacker(int rowTokens) {
        this.rowTokens = rowTokens;
    }

    static List<Row> pack(List<Document> documents, int rowTokens) {
        RowPacker packer = new RowPacker(rowTokens);
        documents.stream()
                .sorted(Comparator.comparingInt(Document::length).reversed())
                .forEach(packer::place);
        return packer.rows.stream().map(Row::new).toList();
    }

    private void place(Document document) {
        int length = document.length();
        Map.Entry<Integer, Deque<List<Document>>> fit = byRoom.ceilingEntry(length);
        if (fit == null) {
            List<Document> row = new ArrayList<>();
            rows.add(row);
            put(row, document, rowTokens - length);
            return;
        }
        List<Document> row = fit.getValue().removeFirst();
        if (fit.getValue().isEmpty()) {
            byRoom.remove(fit.getKey());
        }
        put(row, document, fit.getKey() - length);
    }

    private void put(List<Document> row, Document document, int room) {
        row.add(document);
        byRoom.computeIfAbsent(room, key -> new ArrayDeque<>()).addLast(row);
    }
}
