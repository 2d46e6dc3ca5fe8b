package org.dilort.data;

import java.util.List;

/** Documents side by side. */
record Row(List<Document> documents) {

    Row {
        documents = List.copyOf(documents);
    }

    static Row of(Document document) {
        return new Row(List.of(document));
    }

    int length() {
        return documents.stream().mapToInt(Document::length).sum();
    }
}
