package org.dilort.export;

import java.nio.file.Files;
import java.nio.file.Path;
import org.dilort.error.FormatException;

/**
 * What a user may name as a model: a folder, or one of the model files of an export, such as {@code onnx/model_q4.onnx} in it.
 *
 * @param folder where configuration and tokenizer are
 * @param file of the decoder inside the folder, if that is an export
 */
public record ModelPlace(Path folder, String file) {

    /** @throws FormatException for a model file that is not there */
    public static ModelPlace of(Path named) {
        Path file = named.toAbsolutePath().normalize();
        if (file.toString().endsWith(".onnx") && !Files.exists(file)) {
            throw new FormatException(named + ": no such file, expected a folder or a model file of an export");
        }
        Path folder = file.resolve("../..").normalize();
        String inside = ExportFolder.FOLDER + "/" + file.getFileName();
        boolean inExport = Files.isRegularFile(file)
                && inside.endsWith(".onnx")
                && folder.resolve(inside).equals(file)
                && ExportFolder.isExport(folder);
        return inExport ? new ModelPlace(folder, inside) : new ModelPlace(named, ExportFolder.MODEL);
    }

    /** Whether the decoder's file is there. */
    boolean isExport() {
        return Files.isRegularFile(folder.resolve(file));
    }
}
