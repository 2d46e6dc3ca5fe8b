package org.dilort.export;

import java.nio.FloatBuffer;
import java.util.Locale;
import java.util.SplittableRandom;
import org.dilort.error.ConfigException;

/** How the next token is chosen from the logits. */
public sealed interface Sampling {

    /** The chooser of one sequence of a batch; sequences are numbered from 0 and draw independently. */
    TokenChooser chooser(int sequence);

    /** Chooses among the logits of one position, {@code [vocabulary]}. */
    @FunctionalInterface
    interface TokenChooser {
        int choose(FloatBuffer logits);
    }

    /** The most probable token; of equal ones the first. */
    record Greedy() implements Sampling {
        @Override
        public TokenChooser chooser(int sequence) {
            return Greedy::best;
        }

        private static int best(FloatBuffer logits) {
            int best = 0;
            for (int id = 0; id < logits.limit(); id++) {
                if (Float.isNaN(logits.get(id))) {
                    throw new ExportFailure("the logit of token " + id + " is NaN");
                }
                best = logits.get(id) > logits.get(best) ? id : best;
            }
            return best;
        }
    }

    /**
     * A draw from softmax(logits / temperature), cut first to the {@code topK} most probable tokens, then to the fewest
     * of these whose probabilities add up to {@code topP}. The same seed draws the same tokens.
     *
     * @param temperature &gt; 0
     * @param topK at least 1; {@link #ALL_TOKENS} cuts nothing
     * @param topP in (0, 1]; 1 cuts nothing
     */
    record Random(double temperature, int topK, double topP, long seed) implements Sampling {
        public static final int ALL_TOKENS = Integer.MAX_VALUE;

        public Random {
            require(temperature > 0 && Double.isFinite(temperature), "temperature", temperature, "a number > 0");
            require(topK >= 1, "top_k", topK, "at least 1");
            require(topP > 0 && topP <= 1, "top_p", topP, "a number > 0 and <= 1");
        }

        private static void require(boolean valid, String name, Number value, String expected) {
            if (!valid) {
                throw new ConfigException(String.format(Locale.ROOT, "%s: got %s, expected %s", name, value, expected));
            }
        }

        @Override
        public TokenChooser chooser(int sequence) {
            SplittableRandom random = new SplittableRandom(seed + sequence * 0x9E3779B97F4A7C15L);
            return logits -> new Candidates(logits, this).draw(random.nextDouble());
        }
    }
}
