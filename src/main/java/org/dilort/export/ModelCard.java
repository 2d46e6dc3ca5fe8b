package org.dilort.export;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dilort.model.ModelSize;

/**
 * What the {@code README.md} of an export says about the model.
 *
 * @param licence as Hugging Face's hub names it, such as apache-2.0
 * @param details one sentence or number each, such as the head and the data it was aligned with; may be empty
 */
public record ModelCard(String title, String licence, List<String> details) {
    private static final String SECTION = "\n## ";

    public ModelCard {
        details = List.copyOf(details);
        if (title.isBlank() || title.lines().count() != 1) {
            throw new IllegalArgumentException("title \"" + title + "\", expected one line");
        }
    }

    public static ModelCard titled(String title) {
        return new ModelCard(title, Licence.UNKNOWN, List.of());
    }

    String toMarkdown(String modelType, ModelSize size) {
        StringBuilder text = new StringBuilder("""
                ---
                library_name: transformers.js
                pipeline_tag: text-generation
                tags:
                - onnx
                - text-generation
                - preference-alignment
                """);
        text.append("license: ").append(licence).append("\n---\n");
        text.append("# ").append(title).append("\n\n");
        details.forEach(detail -> text.append("- ").append(detail).append('\n'));
        text.append("- Architecture: ").append(modelType);
        text.append(", ").append(size.layers()).append(" layers, hidden size ").append(size.hidden());
        text.append(", vocabulary ").append(size.vocabulary());
        text.append(", up to ").append(size.maxPositions()).append(" tokens\n");
        text.append("""
                - Weights: float32, in `onnx/model.onnx_data`

                Made by dil-ort. `onnx/model.onnx` maps `input_ids, attention_mask, position_ids, past_key_values.*` to
                `logits, present.*`, with the names and dimensions that ONNX Runtime GenAI (`genai_config.json`),
                transformers.js and Optimum read. `dil-ort generate --model DIR --prompt TEXT` decodes with it.
                """);
        return text.toString();
    }

    /** Lists a variant's files, as they are now, among the hashes of an export's card; a card without hashes stays as it is. */
    static void addHashes(Path folder, Variant variant) {
        Path card = folder.resolve(ExportFolder.CARD);
        if (!Files.isRegularFile(card)) {
            return;
        }
        String text = FolderFiles.readText(card);
        int at = text.indexOf(FileHashes.HEADING);
        if (at < 0) {
            return;
        }
        List<String> files = List.of(variant.file(), ExportFolder.FOLDER + "/" + variant.weights());
        FileHashes hashes = FileHashes.parse(text.substring(at)).with(FileHashes.of(folder, files));
        FolderFiles.writeText(card, text.substring(0, at) + hashes.toMarkdown());
    }

    /** Puts a section into an export's card, in place of one of that heading; no card, no change. */
    public static void putSection(Path folder, String heading, List<String> lines) {
        Path card = folder.resolve(ExportFolder.CARD);
        if (!Files.isRegularFile(card)) {
            return;
        }
        String text = FolderFiles.readText(card);
        int hashes = text.indexOf(FileHashes.HEADING);
        int end = hashes < 0 ? text.length() : hashes;
        String title = SECTION + heading + "\n\n";
        int begin = text.substring(0, end).indexOf(title);
        int next = begin < 0 ? -1 : text.substring(0, end).indexOf(SECTION, begin + 1);
        String before = text.substring(0, begin < 0 ? end : begin);
        String after = text.substring(begin < 0 || next < 0 ? end : next);
        FolderFiles.writeText(card, before + title + String.join("\n", lines) + "\n" + after);
    }

    /** Whether an export has a card, which only those of dil-ort's own graphs have. */
    public static boolean isIn(Path folder) {
        return Files.isRegularFile(folder.resolve(ExportFolder.CARD));
    }
}
