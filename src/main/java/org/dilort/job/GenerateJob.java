package org.dilort.job;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.dilort.export.GenerationSettings;
import org.dilort.export.Generator;
import org.dilort.runtime.SessionSettings;

/** {@code dil-ort generate}: goes on from a prompt, greedily. */
public final class GenerateJob {
    private GenerateJob() {}

    /**
     * Prints the answer piece by piece, as it is decoded, and a line's end.
     *
     * @param model an export folder or a Hugging Face folder
     */
    public static void run(Path model, String prompt, int maxNewTokens, SessionSettings session, PrintStream out) {
        try (Generator generator = Generator.open(model, session)) {
            generator.generate(List.of(prompt), GenerationSettings.greedy(maxNewTokens), (row, text) -> {
                out.print(text);
                out.flush();
            });
            out.println();
        }
    }
}
