package org.dilort.input;

/** What the bytes of a file mean once they are inflated. */
enum InputFormat {
    JSON_LINES("JSON lines"),
    JSON("JSON"),
    CSV("CSV"),
    PARQUET("Parquet");

    private final String label;

    InputFormat(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
