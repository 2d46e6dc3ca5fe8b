package org.dilort.job;

/** What a prompt on the command line is. */
public enum PromptForm {
    /** A text to go on from as it is. */
    PLAIN,
    /** What a user says, to be put into the model's chat template. */
    CHAT
}
