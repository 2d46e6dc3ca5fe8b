package org.dilort.job;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.dilort.data.ChatTemplate.GenerationPrompt;
import org.dilort.data.ChatTemplates;
import org.dilort.data.Message;
import org.dilort.export.GenerationSettings;
import org.dilort.export.Generator;
import org.dilort.export.ModelPlace;
import org.dilort.export.Next;
import org.dilort.runtime.SessionSettings;

/** {@code dil-ort generate}: goes on from a prompt, greedily. */
public final class GenerateJob {
    private GenerateJob() {}

    /**
     * What the model is given: the prompt itself, or the model's chat template around it.
     *
     * @param clock of templates that write the date
     */
    public static String prompt(Path model, String prompt, PromptForm form, Clock clock) {
        if (form == PromptForm.PLAIN) {
            return prompt;
        }
        List<Message> messages = List.of(new Message("user", prompt));
        return ChatTemplates.ofModel(ModelPlace.of(model).folder(), clock).render(messages, GenerationPrompt.ADD);
    }

    /**
     * Prints the answer piece by piece, as it is decoded, and a line's end.
     *
     * @param model an export folder, one of its model files, or a Hugging Face folder
     */
    public static void run(Path model, String prompt, int maxNewTokens, SessionSettings session, PrintStream out) {
        try (Generator generator = Generator.open(model, session)) {
            generator.generate(List.of(prompt), GenerationSettings.greedy(maxNewTokens), (row, text) -> {
                out.print(text);
                out.flush();
                return Next.GO_ON;
            });
            out.println();
        }
    }
}
