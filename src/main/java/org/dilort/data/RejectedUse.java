package org.dilort.data;

/** Whether an example may lack a rejected response. */
public enum RejectedUse {
    REQUIRED,
    /** For heads that learn from the chosen response alone. */
    OPTIONAL
}
