package org.dilort.config;

/** The pipeline whose tokens the data must equal, token by token. */
public enum DataPreset implements Keyed {
    DEFAULT,
    TRL,
    DIL_AUTHORS;

    @Override
    public String key() {
        return this == DIL_AUTHORS ? "dil-authors" : Keyed.super.key();
    }
}
