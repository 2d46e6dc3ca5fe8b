package org.dilort.cli;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.dilort.export.GenerationSettings;
import org.dilort.job.EvalVersusJob;
import org.dilort.job.PromptForm;
import org.dilort.judge.JudgeChoice;
import org.dilort.judge.JudgePrompt;

/**
 * {@code dil-ort eval versus}.
 *
 * @param environment variables of the process
 */
record EvalVersusCommand(Job job, Map<String, String> environment) implements Command {
    private static final CommandOption AGAINST =
            CommandOption.required("against", "DIR", "the other model, of either kind of folder");
    private static final CommandOption PROMPTS = CommandOption.repeated(
            "prompts", "FILE", "a JSON line each with prompt or instruction, a text or messages");
    private static final CommandOption CHAT =
            CommandOption.flag("chat", "put texts into the models' chat templates, as a user's message");
    private static final CommandOption UNTIL = CommandOption.repeated("until", "TEXT", "ends an answer");
    private static final CommandOption JUDGE = CommandOption.required(
            "judge", "WHO", "a program, the address of an OpenAI-compatible server, or a model folder");
    private static final CommandOption REFERENCE =
            CommandOption.optional("judge-reference", "DIR", "", "a model folder judges by its log-ratio to this one");
    private static final CommandOption MODEL_NAME =
            CommandOption.optional("judge-model", "NAME", "judge", "a server's name of the model that judges");
    private static final CommandOption TEMPLATE = CommandOption.optional(
            "judge-template", "FILE", "", "what a server's model is asked, with {prompt}, {a} and {b}");
    private static final CommandOption TOKEN =
            CommandOption.optional("judge-token-env", "NAME", "", "the environment variable that has a server's token");
    private static final CommandOption SECONDS =
            CommandOption.optional("judge-seconds", "N", "60", "how long a program or server may take for one answer");
    private static final CommandOption SEED =
            CommandOption.optional("seed", "N", "0", "of the bootstrap behind the interval");

    EvalVersusCommand {
        environment = Map.copyOf(environment);
    }

    /** Asks, judges and reports; returns the exit code. */
    interface Job {
        int run(EvalVersusJob.Plan plan, Console console) throws Exception;
    }

    @Override
    public String name() {
        return "eval versus";
    }

    @Override
    public String summary() {
        return "let two models answer the same prompts, and a judge say whose answers are better";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(
                ScoreCommand.MODEL,
                AGAINST,
                PROMPTS,
                EvalOptions.LIMIT,
                CHAT,
                UNTIL,
                EvalOptions.NEW_TOKENS,
                JUDGE,
                REFERENCE,
                EvalOptions.HEAD,
                EvalOptions.BETA,
                MODEL_NAME,
                TEMPLATE,
                TOKEN,
                SECONDS,
                SEED,
                EvalOptions.ANSWERS,
                EvalOptions.OUT);
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        EvalVersusJob.Prompts prompts = new EvalVersusJob.Prompts(
                EvalOptions.files(arguments, PROMPTS),
                EvalOptions.limit(arguments),
                arguments.has(CHAT.name()) ? PromptForm.CHAT : PromptForm.PLAIN);
        GenerationSettings generation = GenerationSettings.greedy(
                        arguments.wholeNumber(EvalOptions.NEW_TOKENS.name(), 1))
                .withStops(arguments.all(UNTIL.name()));
        EvalVersusJob.Plan plan = new EvalVersusJob.Plan(
                arguments.path(ScoreCommand.MODEL.name()),
                arguments.path(AGAINST.name()),
                prompts,
                generation,
                judge(arguments),
                arguments.wholeNumber(SEED.name(), 0),
                EvalOptions.files(arguments));
        return job.run(plan, console);
    }

    private JudgeChoice judge(Arguments arguments) {
        String who = arguments.text(JUDGE.name());
        Duration limit = Duration.ofSeconds(arguments.wholeNumber(SECONDS.name(), 1));
        boolean server = who.matches("(?i)https?://.*");
        if (!server) {
            refuse(arguments, List.of(MODEL_NAME, TEMPLATE, TOKEN), "the address of a server");
        }
        if (server || !Files.isDirectory(arguments.path(JUDGE.name()))) {
            refuse(arguments, List.of(REFERENCE, EvalOptions.HEAD, EvalOptions.BETA), "a model folder");
        }
        if (server) {
            return new JudgeChoice.Endpoint(
                    address(who), arguments.text(MODEL_NAME.name()), token(arguments), limit, prompt(arguments));
        }
        Path path = arguments.path(JUDGE.name());
        if (!Files.isDirectory(path)) {
            return new JudgeChoice.Program(path, limit);
        }
        if (!arguments.has(REFERENCE.name())) {
            throw new UsageException("--judge: got the folder " + path
                    + ", expected --judge-reference DIR too: a model judges by its log-ratio to another");
        }
        return new JudgeChoice.Model(path, arguments.path(REFERENCE.name()), EvalOptions.reward(arguments));
    }

    /** An option that would be ignored is a mistake. */
    private static void refuse(Arguments arguments, List<CommandOption> options, String judge) {
        for (CommandOption option : options) {
            if (arguments.has(option.name())) {
                throw new UsageException(
                        "--" + option.name() + ": --judge is not " + judge + ": got " + arguments.text(JUDGE.name()));
            }
        }
    }

    private static URI address(String text) {
        try {
            URI uri = URI.create(text);
            if (uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw new UsageException("--judge: got " + text + ", expected an address: " + e.getMessage());
        }
        throw new UsageException("--judge: got " + text + ", expected an address such as http://localhost:8080/v1");
    }

    private String token(Arguments arguments) {
        if (!arguments.has(TOKEN.name())) {
            return "";
        }
        String name = arguments.text(TOKEN.name());
        String token = environment.getOrDefault(name, "").strip();
        if (token.isEmpty()) {
            throw new UsageException("--judge-token-env: the environment has no " + name);
        }
        return token;
    }

    private static JudgePrompt prompt(Arguments arguments) {
        return arguments.has(TEMPLATE.name()) ? JudgePrompt.read(arguments.path(TEMPLATE.name())) : JudgePrompt.DEFAULT;
    }
}
