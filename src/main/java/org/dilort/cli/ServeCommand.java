package org.dilort.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dilort.error.ConfigException;
import org.dilort.serve.Access;
import org.dilort.serve.ServeSettings;

/** {@code dil-ort serve}. */
record ServeCommand(Job job) implements Command {
    private static final int BODY_BYTES = 1 << 20;
    private static final int LAST_PORT = 65_535;
    private static final String NONE = "none";

    private static final CommandOption HOST = CommandOption.optional(
            "host", "NAME", "127.0.0.1", "address to listen on; by default this machine alone can ask");
    private static final CommandOption PORT = CommandOption.optional("port", "N", "8080", "0 takes any that is free");
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
                address(arguments),
                access(arguments),
                arguments.text(NAME.name()),
                arguments.wholeNumber(CONCURRENT.name(), 1),
                arguments.wholeNumber(WAITING.name(), 0),
                BODY_BYTES,
                arguments.wholeNumber(MAX_NEW_TOKENS.name(), 1));
        return job.run(arguments.path(ScoreCommand.MODEL.name()), settings, console);
    }

    private static InetSocketAddress address(Arguments arguments) {
        int port = arguments.wholeNumber(PORT.name(), 0);
        if (port > LAST_PORT) {
            throw new UsageException("--port: got " + port + ", expected at most " + LAST_PORT);
        }
        String host = arguments.text(HOST.name());
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new UsageException("--host: got \"" + host + "\", expected an address of this machine");
        }
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
