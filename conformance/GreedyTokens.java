import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.dilort.error.UserException;
import org.dilort.export.Completion;
import org.dilort.export.Decoder;
import org.dilort.export.ExportFolder;
import org.dilort.export.GenerationSettings;
import org.dilort.export.ModelCard;
import org.dilort.export.TokenListener;
import org.dilort.export.Variant;
import org.dilort.export.VariantExport;
import org.dilort.runtime.SessionSettings;
import org.dilort.weights.SafetensorsFolder;

/**
 * Exports models and writes what each goes on with, for other runtimes to be compared: {@code java -cp target/dil-ort.jar
 * conformance/GreedyTokens.java OUT MODEL_DIR...} makes {@code OUT/NAME} of every {@code MODEL_DIR} with all its variants, and {@code
 * expected.json} beside: random prompts of several lengths and the greedy tokens after each, by the form of the model.
 */
public final class GreedyTokens {
    private static final int LONGEST_PROMPT = 7;
    private static final int[] PROMPT_LENGTHS = {LONGEST_PROMPT, 1, 4};
    private static final int NEW_TOKENS = 12;

    private GreedyTokens() {}

    public static void main(String[] args) throws IOException {
        if (args.length < 2) {
            System.err.println(
                    "usage: java -cp target/dil-ort.jar conformance/GreedyTokens.java OUT MODEL_DIR...");
            System.exit(2);
        }
        try {
            for (String model : Arrays.asList(args).subList(1, args.length)) {
                write(Path.of(model), Path.of(args[0]).resolve(Path.of(model).getFileName()));
            }
        } catch (UserException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    private static void write(Path model, Path export) throws IOException {
        try (SafetensorsFolder weights = SafetensorsFolder.open(model)) {
            ExportFolder.write(model, weights, ModelCard.titled("conformance"), export);
        }
        StringBuilder tokens = new StringBuilder(forms("fp32", ExportFolder.MODEL, export));
        for (Variant variant : Variant.values()) {
            VariantExport.add(export, variant);
            tokens.append(", ").append(forms(variant.label(), variant.file(), export));
        }
        Files.writeString(export.resolve("expected.json"), "{" + tokens + "}\n");
    }

    /** Prompts and what follows each alone, under the name of a form. */
    private static String forms(String name, String file, Path export) {
        try (Decoder decoder = Decoder.open(export.resolve(file), new SessionSettings(1))) {
            SplittableRandom random = new SplittableRandom(1);
            int newTokens = Math.min(NEW_TOKENS, decoder.contextLength() - LONGEST_PROMPT);
            List<String> prompts = new ArrayList<>();
            List<String> tokens = new ArrayList<>();
            for (int length : PROMPT_LENGTHS) {
                int[] prompt = random.ints(length, 3, decoder.vocabularySize()).toArray();
                Completion answer = decoder.generate(
                                List.of(prompt), GenerationSettings.greedy(newTokens), TokenListener.NONE)
                        .get(0);
                prompts.add(Arrays.toString(prompt));
                tokens.add(Arrays.toString(answer.tokens()));
            }
            return "\"" + name + "\": {\"prompts\": " + prompts + ", \"tokens\": " + tokens + ", \"new_tokens\": " + newTokens + "}";
        }
    }
}
