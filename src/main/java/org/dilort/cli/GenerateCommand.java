package org.dilort.cli;

import java.nio.file.Path;
import java.util.List;
import org.dilort.job.PromptForm;

/** Hands a model and a prompt to the job that decodes. */
record GenerateCommand(Job job) implements Command {
    private static final CommandOption PROMPT = CommandOption.required("prompt", "TEXT", "what to go on from");
    private static final CommandOption MAX_NEW_TOKENS =
            CommandOption.optional("max-new-tokens", "N", "128", "bound of the answer's length");

    private static final CommandOption CHAT =
            CommandOption.flag("chat", "put the prompt into the model's chat template, as a user's message");

    /** What to go on from. */
    record Request(Path model, String prompt, PromptForm form, int maxNewTokens) {}

    /** Decodes and prints; returns the exit code. */
    interface Job {
        int run(Request request, Console console) throws Exception;
    }

    @Override
    public String name() {
        return "generate";
    }

    @Override
    public String summary() {
        return "answer a prompt, greedily";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(ScoreCommand.MODEL, PROMPT, CHAT, MAX_NEW_TOKENS);
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        String prompt = arguments.text(PROMPT.name());
        if (prompt.isEmpty()) {
            throw new UsageException("--prompt: got an empty text, expected a prompt");
        }
        PromptForm form = arguments.has(CHAT.name()) ? PromptForm.CHAT : PromptForm.PLAIN;
        int maxNewTokens = arguments.wholeNumber(MAX_NEW_TOKENS.name(), 1);
        return job.run(new Request(arguments.path(ScoreCommand.MODEL.name()), prompt, form, maxNewTokens), console);
    }
}
