package org.dilort.train;

import java.nio.file.Path;

/** A checkpoint whose files were found intact. */
public record Checkpoint(Path folder, CheckpointState state) {

    static final String POLICY_FILE = "checkpoint";

    /** The file of parameters and optimizer state; {@code checkpoint.data} lies beside it. */
    public Path policyFile() {
        return policyFile(folder);
    }

    /** That file in a checkpoint's folder. */
    public static Path policyFile(Path folder) {
        return folder.resolve(POLICY_FILE);
    }
}
