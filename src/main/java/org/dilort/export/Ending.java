package org.dilort.export;

/** Why a sequence ended. */
public enum Ending {
    END_OF_SEQUENCE,
    /** One of the settings' stops came, or the listener wanted no more. */
    STOPPED,
    MAX_NEW_TOKENS,
    /** The model has no position left, see {@code max_position_embeddings}. */
    CONTEXT_FULL
}
