package org.dilort.error;

/** An operator has no schema or no gradient rule here; the message names the operator and the node. */
public class UnsupportedOperatorException extends UserException {
    private static final long serialVersionUID = 1L;

    public UnsupportedOperatorException(String message) {
        super(message);
    }

    public UnsupportedOperatorException(String message, Throwable cause) {
        super(message, cause);
    }
}
