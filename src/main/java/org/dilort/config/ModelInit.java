package org.dilort.config;

/** Where the policy's first weights come from: the model's files, or {@code train.seed}. */
public enum ModelInit implements Keyed {
    PRETRAINED,
    RANDOM
}
