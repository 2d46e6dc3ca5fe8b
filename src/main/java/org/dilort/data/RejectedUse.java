package org.dilort.data;

/** Whether an example may lack a rejected response. */
public enum RejectedUse {
    REQUIRED,
    /** For heads that learn from the chosen response alone. */
    OPTIONAL;

    /** Whether a row has this field; one that it must have is an error where it is missing. */
    boolean present(JsonLine row, String field) {
        if (!row.has(field) && this == REQUIRED) {
            throw row.error(field + ": missing");
        }
        return row.has(field);
    }
}
