import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.dilort.export.Decoder;
import org.dilort.export.GenerationSettings;
import org.dilort.export.TokenListener;
import org.dilort.runtime.SessionSettings;

/**
 * Greedy tokens a second of an export, one sequence at a time: {@code java -cp target/dil-ort.jar
 * conformance/DecodeSpeed.java EXPORT THREADS TOKENS}; the counterpart of {@code conformance/transformers-js/speed.mjs}. Ends of
 * sequences count as tokens for neither.
 */
public final class DecodeSpeed {
    private static final int RUNS = 7;
    private static final int PROMPT = 8;

    private DecodeSpeed() {}

    public static void main(String[] args) {
        int tokens = Integer.parseInt(args[2]);
        try (Decoder decoder = Decoder.open(Path.of(args[0]), new SessionSettings(Integer.parseInt(args[1])))) {
            SplittableRandom random = new SplittableRandom(2);
            List<Double> rates = new ArrayList<>();
            for (int run = 0; run < RUNS; run++) {
                int[] prompt =
                        random.ints(PROMPT, 3, decoder.vocabularySize()).toArray();
                long began = System.nanoTime();
                int made = 0;
                while (made < tokens) {
                    made += 1
                            + decoder.generate(
                                            List.of(prompt), GenerationSettings.greedy(tokens), TokenListener.NONE)
                                    .get(0)
                                    .tokens()
                                    .length;
                }
                rates.add(made / ((System.nanoTime() - began) / 1e9));
            }
            rates.sort(null);
            System.out.printf(Locale.ROOT, "{\"tokens_per_second\": %.1f}%n", rates.get(RUNS / 2));
        }
    }
}
