package org.dilort.export;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.dilort.error.ConfigException;
import org.dilort.error.Nearest;

/**
 * A form of an export's model, under the name and in the file that transformers.js knows it by. All take and give the same
 * float32 inputs, cache and logits.
 */
public enum Variant {
    /** Weights and products in float16, everything between them in float32. */
    FP16("_fp16"),
    /** Weights in 8 bits, a scale for each output; what they are multiplied with becomes 8 bits as it comes, a scale for each call. */
    Q8("_quantized"),
    /** Weights of linear layers in 4 bits, a scale for 32 of them; everything else in float32. */
    Q4("_q4");

    private final String suffix;

    Variant(String suffix) {
        this.suffix = suffix;
    }

    /** @throws ConfigException for a word that is none */
    public static Variant of(String word) {
        String wanted = word.equals("int8") ? "q8" : word;
        return Arrays.stream(values())
                .filter(variant -> variant.label().equals(wanted))
                .findFirst()
                .orElseThrow(() -> unknown(word));
    }

    private static ConfigException unknown(String word) {
        List<String> labels = Arrays.stream(values()).map(Variant::label).toList();
        String hint = Nearest.to(word, labels)
                .map(nearest -> "; did you mean " + nearest + "?")
                .orElse("");
        return new ConfigException("variant: got \"" + word + "\", expected fp16, q8 or q4" + hint);
    }

    /** Those that a folder has. */
    public static List<Variant> in(Path folder) {
        return Arrays.stream(values())
                .filter(variant -> Files.isRegularFile(folder.resolve(variant.file())))
                .toList();
    }

    /** As transformers.js calls it: its {@code dtype}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The model's path inside an export. */
    public String file() {
        return ExportFolder.FOLDER + "/" + fileName();
    }

    String fileName() {
        return "model" + suffix + ".onnx";
    }

    String weights() {
        return fileName() + "_data";
    }
}
