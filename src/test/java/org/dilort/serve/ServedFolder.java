package org.dilort.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dilort.data.Message;
import org.dilort.data.PairTokenizer;
import org.dilort.data.TokenLimits;
import org.dilort.data.TokenizedPair;
import org.dilort.data.Tokenizer;
import org.dilort.data.Truncation;
import org.dilort.export.Decoder;
import org.dilort.export.DecoderScorer;
import org.dilort.export.GenerationSettings;
import org.dilort.export.Sampling;
import org.dilort.export.TestModels;
import org.dilort.export.TokenListener;
import org.dilort.runtime.SessionSettings;

/** An export with random weights and a tokenizer of bytes. */
final class ServedFolder {
    static final Message HELLO = new Message("user", "hello");

    /** {@code user:hello;assistant:}. */
    private static final String TEMPLATE = "{% for m in messages %}{{ m.role }}:{{ m.content }};{% endfor %}assistant:";

    private ServedFolder() {}

    static Path withTemplate(Path temp) throws IOException {
        Path folder = write(temp);
        Files.writeString(folder.resolve("chat_template.jinja"), TEMPLATE);
        return folder;
    }

    static Path another(Path temp) {
        return write(temp.resolve("another"), 4);
    }

    /** Log-probability of what the model goes on with, by a pass over the whole of it. */
    static double logp(Path temp, String prompt, int tokens, Sampling sampling) {
        Path export = temp.resolve("export");
        SessionSettings session = TestModels.ONE_THREAD;
        try (Tokenizer tokenizer = Tokenizer.open(export);
                Decoder decoder = Decoder.open(export, session);
                DecoderScorer scorer = DecoderScorer.open(export, session)) {
            int[] ids = new PairTokenizer(
                            tokenizer,
                            decoder.vocabularySize(),
                            new TokenLimits(Integer.MAX_VALUE, TokenLimits.NO_LIMIT, Truncation.FAIL))
                    .trunk(prompt);
            int[] answer = decoder.generate(
                            List.of(ids), GenerationSettings.greedy(tokens).withSampling(sampling), TokenListener.NONE)
                    .get(0)
                    .tokens();
            return scorer.sequenceLogps(List.of(new TokenizedPair(0, ids, answer, new int[0])))[0];
        }
    }

    static Path write(Path temp) {
        return write(temp, 3);
    }

    private static Path write(Path temp, long seed) {
        Path model = TestModels.random(
                temp.resolve("model"),
                seed,
                config -> config.put("vocab_size", 280).put("tie_word_embeddings", false));
        TestModels.addTokenizer("tokenizer-bytes", model);
        return TestModels.export(model, temp.resolve("export"));
    }
}
