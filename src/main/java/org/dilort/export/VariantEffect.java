package org.dilort.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.dilort.data.TokenizedPair;
import org.dilort.runtime.SessionSettings;

/**
 * What a form of a model is like beside its float32 form, measured on pairs.
 *
 * @param file inside the export
 * @param bytes of the model's file and its weights
 * @param tokensPerSecond of one greedy answer with the cache, the median of five after others have taken up to two seconds
 * @param comparable pairs that have a rejected response
 * @param right share of these whose chosen response is the likelier one; not a number without any
 * @param flipped pairs whose likelier response is another than in float32
 * @param kl mean KL(float32 || form) over the vocabulary, nats a response token
 * @param perplexity of the chosen responses
 */
public record VariantEffect(
        String file,
        long bytes,
        double tokensPerSecond,
        int comparable,
        double right,
        int flipped,
        double kl,
        double perplexity) {
    private static final int BATCH_TOKENS = 4096;
    private static final int ANSWERS = 5;
    private static final int WARM_UP_ANSWERS = 20;
    private static final long WARM_UP_NANOS = 2_000_000_000L;
    private static final int ANSWER_TOKENS = 64;

    /**
     * Measures the model file itself, against itself, and then each variant that the folder has.
     *
     * @param nanos a clock
     */
    public static List<VariantEffect> measure(
            Path folder, List<TokenizedPair> pairs, SessionSettings settings, LongSupplier nanos) {
        List<String> files = new ArrayList<>(List.of(ExportFolder.MODEL));
        Variant.in(folder).forEach(variant -> files.add(variant.file()));
        List<VariantEffect> effects = new ArrayList<>();
        try (DecoderSession whole = DecoderSession.ofExport(folder, settings)) {
            for (String file : files) {
                try (DecoderSession form = DecoderSession.of(new ModelPlace(folder, file), settings)) {
                    effects.add(of(folder, file, whole, form, pairs, nanos));
                }
            }
        }
        return effects;
    }

    private static VariantEffect of(
            Path folder,
            String file,
            DecoderSession whole,
            DecoderSession form,
            List<TokenizedPair> pairs,
            LongSupplier nanos) {
        LogitsComparison logits =
                LogitsComparison.of(whole, form, SequenceRows.groups(pairs, BATCH_TOKENS), 2 * pairs.size());
        int comparable = 0;
        int right = 0;
        int flipped = 0;
        double chosen = 0;
        long chosenTokens = 0;
        for (int i = 0; i < pairs.size(); i++) {
            chosen += logits.secondLogps()[2 * i];
            chosenTokens += pairs.get(i).chosen().length;
            if (pairs.get(i).hasRejected()) {
                boolean before = wins(logits.firstLogps(), i);
                boolean now = wins(logits.secondLogps(), i);
                comparable++;
                right += now ? 1 : 0;
                flipped += now != before ? 1 : 0;
            }
        }
        return new VariantEffect(
                file,
                size(folder.resolve(file)) + size(folder.resolve(file + "_data")),
                speed(form, pairs.get(0).chosenPrompt(), nanos),
                comparable,
                (double) right / comparable,
                flipped,
                logits.kl(),
                Math.exp(-chosen / chosenTokens));
    }

    private static boolean wins(double[] logps, int pair) {
        return logps[2 * pair] > logps[2 * pair + 1];
    }

    private static double speed(DecoderSession session, int[] prompt, LongSupplier nanos) {
        Decoder decoder = new Decoder(session, Set.of());
        int room = decoder.contextLength() - 1;
        int[] cut = Arrays.copyOfRange(prompt, Math.max(0, prompt.length - Math.max(1, room / 2)), prompt.length);
        GenerationSettings greedy = GenerationSettings.greedy(ANSWER_TOKENS);
        long warm = nanos.getAsLong() + WARM_UP_NANOS;
        for (int i = 0; i < WARM_UP_ANSWERS && nanos.getAsLong() < warm; i++) {
            decoder.generate(List.of(cut), greedy, TokenListener.NONE);
        }
        double[] rates = new double[ANSWERS];
        for (int i = 0; i < ANSWERS; i++) {
            long began = nanos.getAsLong();
            int tokens = decoder.generate(List.of(cut), greedy, TokenListener.NONE)
                    .get(0)
                    .tokens()
                    .length;
            rates[i] = tokens / ((nanos.getAsLong() - began) / 1e9);
        }
        Arrays.sort(rates);
        return rates[ANSWERS / 2];
    }

    private static long size(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read", e);
        }
    }
}
