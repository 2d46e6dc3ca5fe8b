package org.dilort.artifacts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.dilort.weights.TensorInfo;

/**
 * A checkpoint as ONNX Runtime saves it, made into one without the gradient sums: the first micro-batch of a step
 * overwrites them, so after a step they are of no use, yet they are as big as the weights. The session wants a tensor for
 * each, which a stretch of zeros that all of them share is.
 */
public final class SavedState {
    private SavedState() {}

    /**
     * @param target the file of the checkpoint; beside it, under another name, ONNX Runtime's is kept for the time
     * @param save saves to the path that it is given
     */
    public static void write(Path target, Consumer<Path> save) {
        Path whole = target.resolveSibling(target.getFileName() + ".whole");
        try {
            save.accept(whole);
            withoutGradients(whole, target);
        } finally {
            delete(whole);
            delete(CheckpointFormat.dataFile(whole));
        }
    }

    private static void withoutGradients(Path whole, Path target) {
        try (CheckpointReader reader = CheckpointReader.open(whole);
                CheckpointWriter writer = CheckpointWriter.create(target)) {
            for (CheckpointRole role : CheckpointRole.values()) {
                for (String name : reader.names(role)) {
                    TensorInfo tensor = reader.info(name);
                    if (StateNames.isGradient(name, reader::contains)) {
                        writer.addZeros(role, name, tensor.shape());
                    } else {
                        writer.copy(role, reader, name);
                    }
                }
            }
            writer.finish();
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be removed", e);
        }
    }
}
