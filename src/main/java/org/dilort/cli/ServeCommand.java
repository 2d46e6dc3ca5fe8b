package org.dilort.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dilort.error.ConfigException;
import org.dilort.serve.Access;
import org.dilort.serve.ServeSettings;

/** {@code dil-ort serve}. */
record ServeCommand(Job job) implements Command {
    private static final int BODY_BYTES = 1 << 20;
    private static final String NONE = "none";

    private static final CommandOption HOST = ListenOptions.host();
    private static final CommandOption PORT = ListenOptions.port("8080");
    private static final CommandOption TOKEN = CommandOption.optional(
            "token-file",
            "FILE",
            NONE,
            "only requests with \"Authorization: Bearer\" and this file's text are answered");
    private static final CommandOption NAME =
            CommandOption.optional("name", "TEXT", "aligned", "the model's name for clients");
    private static final CommandOption CONCURRENT =
            CommandOption.optional("concurrent", "N", "16", "answers that are made at one time");
    private static final CommandOption WAITING =
            CommandOption.optional("waiting", "N", "256", "requests that may wait; more get status 503");
    private static final CommandOption MAX_NEW_TOKENS =
            CommandOption.optional("max-new-tokens", "N", "1024", "the most that a request may ask for");

    /** Serves until it is told to end; returns the exit code. */
    interface Job {
        int run(Path model, ServeSettings settings, Console console) throws Exception;
    }

    @Override
    public String name() {
        return "serve";
    }

    @Override
    public String summary() {
        return "answer over HTTP as OpenAI's interface does";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(ScoreCommand.MODEL, HOST, PORT, TOKEN, NAME, CONCURRENT, WAITING, MAX_NEW_TOKENS);
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        ServeSettings settings = new ServeSettings(
                ListenOptions.address(arguments),
                access(arguments),
                arguments.text(NAME.name()),
                arguments.wholeNumber(CONCURRENT.name(), 1),
                arguments.wholeNumber(WAITING.name(), 0),
                BODY_BYTES,
                arguments.wholeNumber(MAX_NEW_TOKENS.name(), 1));
        return job.run(arguments.path(ScoreCommand.MODEL.name()), settings, console);
    }

    private static Access access(Arguments arguments) {
        if (arguments.text(TOKEN.name()).equals(NONE)) {
            return new Access.Open();
        }
        Path file = arguments.path(TOKEN.name());
        try {
            String token = Files.readString(file).strip();
            if (token.isEmpty()) {
                throw new ConfigException(file + ": empty, expected a token");
            }
            return new Access.Bearer(token);
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be read: " + e);
        }
    }
}
