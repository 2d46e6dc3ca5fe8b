package org.dilort.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.dilort.heads.Head;
import org.dilort.heads.HeadGraph;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Reduction;
import org.dilort.heads.Variant;

/** The head files of a checkout against what the code writes: one for each head and reduction, in its own variant. */
record HeadFiles(Path folder) {

    /** What is to be said of one file. */
    enum State {
        SAME,
        DIFFERS,
        MISSING,
        /** No such folder here, or no such file wanted. */
        NOT_KEPT
    }

    State of(Head head, Variant variant, Reduction reduction) {
        if (variant != head.variants().get(0) || !Files.isDirectory(folder)) {
            return State.NOT_KEPT;
        }
        HeadSpec spec = new HeadSpec(head, variant, reduction, Map.of());
        Path file = folder.resolve(spec.fileName());
        if (!Files.isRegularFile(file)) {
            return State.MISSING;
        }
        try {
            return Arrays.equals(Files.readAllBytes(file), HeadGraph.toBytes(spec)) ? State.SAME : State.DIFFERS;
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot read", e);
        }
    }
}
