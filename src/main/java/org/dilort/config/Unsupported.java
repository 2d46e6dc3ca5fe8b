package org.dilort.config;

import org.dilort.error.ConfigException;

/** Every key that can be written but whose feature does not exist; what follows never meets one of them. */
public final class Unsupported {

    private Unsupported() {}

    /** Refuses a configuration that asks for something that would be ignored. */
    public static void check(Config config) {
        ModelConfig model = config.model();
        reject(model.compute() == Compute.FLOAT16, "model.compute", "float16");
    }

    private static void reject(boolean asked, String key, String value) {
        if (asked) {
            throw new ConfigException(key + ": " + value + ": not supported yet");
        }
    }
}
