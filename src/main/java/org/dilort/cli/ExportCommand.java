package org.dilort.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.dilort.export.Variant;

/** Hands an export folder to the job that checks it, or that adds variants to it. */
record ExportCommand(Job job) implements Command {
    private static final CommandOption CHECK = CommandOption.optional(
            "check", "DIR", "", "the export to read as onnxruntime-genai, transformers.js and Optimum would");
    private static final CommandOption MODEL =
            CommandOption.optional("model", "DIR", "", "the export to add smaller forms of its model to");
    private static final CommandOption VARIANT =
            CommandOption.optional("variant", "LIST", "", "which: fp16, q8, q4 or several, with commas between");
    private static final CommandOption MEASURE = CommandOption.optional(
            "measure",
            "FILE",
            "",
            "pairs on which float32 and the folder's variants are compared; the model card gets the table");

    /** What to do. */
    sealed interface Request {
        Path folder();

        record Check(Path folder) implements Request {}

        /**
         * Adds variants, measures all that the folder has, and then checks it.
         *
         * @param variants perhaps none
         * @param measured files of pairs, perhaps none
         */
        record Add(Path folder, List<Variant> variants, List<Path> measured) implements Request {}
    }

    /** Returns the exit code. */
    interface Job {
        int run(Request request, Console console) throws Exception;
    }

    @Override
    public String name() {
        return "export";
    }

    @Override
    public String summary() {
        return "check an export folder, or add float16, 8-bit and 4-bit forms of its model";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(CHECK, MODEL, VARIANT, MEASURE);
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        boolean check = arguments.has(CHECK.name());
        boolean add = arguments.has(MODEL.name()) && (arguments.has(VARIANT.name()) || arguments.has(MEASURE.name()));
        boolean more = arguments.has(MODEL.name()) || arguments.has(VARIANT.name()) || arguments.has(MEASURE.name());
        if (check ? more : !add) {
            throw new UsageException(
                    "export: expected --check DIR, or --model DIR with --variant LIST or --measure FILE");
        }
        if (check) {
            return job.run(new Request.Check(arguments.path(CHECK.name())), console);
        }
        List<Variant> variants = arguments.has(VARIANT.name()) ? variants(arguments.text(VARIANT.name())) : List.of();
        List<Path> measured = arguments.has(MEASURE.name()) ? List.of(arguments.path(MEASURE.name())) : List.of();
        return job.run(new Request.Add(arguments.path(MODEL.name()), variants, measured), console);
    }

    private static List<Variant> variants(String list) {
        return Arrays.stream(list.split(",", -1)).map(Variant::of).distinct().toList();
    }
}
