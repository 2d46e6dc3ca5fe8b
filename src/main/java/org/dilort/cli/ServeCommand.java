package org.dilort.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dilort.error.ConfigException;
import org.dilort.files.DurableFiles;
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
    private static final CommandOption BESIDE = CommandOption.optional(
            "beside",
            "DIR",
            NONE,
            "a second model, such as the one that training began from; the page at / shows both");
    private static final CommandOption BESIDE_NAME =
            CommandOption.optional("beside-name", "TEXT", "initial", "the second model's name for clients");
    private static final CommandOption CONCURRENT =
            CommandOption.optional("concurrent", "N", "16", "answers that are made at one time");
    private static final CommandOption WAITING =
            CommandOption.optional("waiting", "N", "256", "requests that may wait; more get status 503");
    private static final CommandOption MAX_NEW_TOKENS =
            CommandOption.optional("max-new-tokens", "N", "1024", "the most that a request may ask for");

    /** Where a model is, and its name for clients. */
    record NamedModel(String name, Path path) {}

    /** @param models the first answers those who name none of them */
    record Request(List<NamedModel> models, ServeSettings settings) {
        Request {
            models = List.copyOf(models);
        }
    }

    /** Serves until it is told to end; returns the exit code. */
    interface Job {
        int run(Request request, Console console) throws Exception;
    }

    @Override
    public String name() {
        return "serve";
    }

    @Override
    public String summary() {
        return "answer over HTTP as OpenAI's interface does, with a page to chat at /";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(
                ScoreCommand.MODEL, HOST, PORT, TOKEN, NAME, BESIDE, BESIDE_NAME, CONCURRENT, WAITING, MAX_NEW_TOKENS);
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        ServeSettings settings = new ServeSettings(
                ListenOptions.address(arguments),
                access(arguments),
                arguments.wholeNumber(CONCURRENT.name(), 1),
                arguments.wholeNumber(WAITING.name(), 0),
                BODY_BYTES,
                arguments.wholeNumber(MAX_NEW_TOKENS.name(), 1));
        return job.run(new Request(models(arguments), settings), console);
    }

    private static List<NamedModel> models(Arguments arguments) {
        NamedModel first = new NamedModel(arguments.text(NAME.name()), arguments.path(ScoreCommand.MODEL.name()));
        if (arguments.text(BESIDE.name()).equals(NONE)) {
            if (arguments.has(BESIDE_NAME.name())) {
                throw new UsageException("--beside-name: expected --beside DIR beside it");
            }
            return List.of(first);
        }
        String name = arguments.text(BESIDE_NAME.name());
        if (name.equals(first.name())) {
            throw new UsageException("--beside-name: got \"" + name + "\", expected another name than --name");
        }
        return List.of(first, new NamedModel(name, arguments.path(BESIDE.name())));
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
            throw new ConfigException(file + ": cannot be read: " + DurableFiles.reason(e));
        }
    }
}
