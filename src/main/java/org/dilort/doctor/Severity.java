package org.dilort.doctor;

/** How much a remark matters. */
public enum Severity {
    /** Worth knowing; the run may well be right. */
    NOTE,
    /** The run is likely not doing what it should. */
    WARNING
}
