package org.dilort.cli;

import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dilort.config.ConfigLoader;
import org.dilort.config.ConfigSchema;
import org.dilort.config.NewConfig;
import org.dilort.error.ConfigException;
import org.dilort.files.DurableFiles;
import org.dilort.heads.Heads;

/** {@code dil-ort config}: a configuration to start from, or the schema of all of them. */
record ConfigCommand() implements Command {
    private static final CommandOption MODEL =
            CommandOption.optional("model", "DIR", "models/my-model", "init: the model's folder");
    private static final CommandOption DATA =
            CommandOption.optional("data", "FILE", "data/train.jsonl", "init: the training pairs");
    private static final CommandOption HEAD = CommandOption.optional("head", "NAME", "lsif", "init: the loss");
    private static final CommandOption OUT = CommandOption.optional(
            "out", "FILE", "", "the file to write, which must not be there yet (default: standard output)");

    @Override
    public String name() {
        return "config";
    }

    @Override
    public String summary() {
        return "write a commented configuration to start from, or the schema of configurations for editors";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(MODEL, DATA, HEAD, OUT);
    }

    @Override
    public String operand() {
        return "init | schema";
    }

    @Override
    public int run(Arguments arguments, Console console) {
        List<String> operands = arguments.operands();
        String action = operands.size() == 1 ? operands.get(0) : String.join(" ", operands);
        String text = switch (action) {
            case "init" -> init(arguments);
            case "schema" -> ConfigSchema.text();
            default -> throw new UsageException("config: got \"" + action + "\", expected init or schema");
        };
        if (!arguments.has(OUT.name())) {
            console.out().print(text);
            return ExitCode.DONE;
        }
        write(arguments.path(OUT.name()), text);
        console.out().println("written: " + arguments.path(OUT.name()));
        return ExitCode.DONE;
    }

    private static String init(Arguments arguments) {
        String file = arguments.has(OUT.name()) ? arguments.text(OUT.name()) : "FILE.yaml";
        Map<String, String> given = new LinkedHashMap<>();
        given.put("model.path", quoted(arguments.path(MODEL.name()).toString()));
        given.put("data.train", quoted(arguments.path(DATA.name()).toString()));
        given.put("data.max_length", "1024");
        given.put("head.name", Heads.named(arguments.text(HEAD.name())).name());
        given.put("train.batch_pairs", "64");
        given.put("train.learning_rate", "5e-7");
        given.put("output", "out/my-run");
        String text = NewConfig.text(file, given);
        ConfigLoader.parse(file, text, List.of());
        return text;
    }

    /** Plain where YAML reads it as it is. */
    private static String quoted(String text) {
        return text.matches("[A-Za-z0-9_./-]+") ? text : TextNode.valueOf(text).toString();
    }

    private static void write(Path file, String text) {
        if (Files.exists(file)) {
            throw new ConfigException(file + ": is there already, expected a new file");
        }
        try {
            DurableFiles.replace(file, text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be written: " + DurableFiles.reason(e), e);
        }
    }
}
