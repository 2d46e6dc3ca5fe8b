package org.dilort.autodiff;

import org.dilort.error.UnsupportedOperatorException;

/** A node has no gradient rule, or none for the way in which it is used. */
public final class MissingGradientException extends UnsupportedOperatorException {
    private static final long serialVersionUID = 1L;

    private final String node;

    MissingGradientException(String node, UnsupportedOperatorException cause) {
        super(cause.getMessage(), cause);
        this.node = node;
    }

    /** Name of the node in the graph that was differentiated. */
    public String node() {
        return node;
    }
}
