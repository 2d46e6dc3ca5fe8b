package org.dilort.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.dilort.files.DurableFiles;

/**
 * Where an evaluation is written.
 *
 * @param answers one, or none
 */
public record EvalFiles(Path results, List<Path> answers) {
    public EvalFiles {
        answers = List.copyOf(answers);
    }

    public static EvalFiles of(Path results) {
        return new EvalFiles(results, List.of());
    }

    /** A long pass must not end at a path that could never be written. */
    void requireWritable() {
        ScoreJob.requireWritable("--out", results);
        answers.forEach(file -> ScoreJob.requireWritable("--answers", file));
    }

    /** A JSON line each, beside the file and then moved into place. */
    void writeAnswers(List<ObjectNode> lines) {
        String text = lines.stream().map(line -> line + "\n").collect(Collectors.joining());
        for (Path file : answers) {
            try {
                DurableFiles.replace(file, text.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write " + file + ": " + e, e);
            }
        }
    }
}
