package org.dilort.eval;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dilort.data.SpecialTokens;
import org.dilort.data.TokenizedPair;
import org.dilort.data.Tokenizer;
import org.dilort.error.ConfigException;
import org.dilort.error.DataException;
import org.dilort.export.DecoderScorer;

/**
 * How well a model predicts texts, in the terms of lm-evaluation-harness: with L the log-likelihood of all documents in nats,
 * {@code word_perplexity} = exp(-L / words), {@code byte_perplexity} = exp(-L / bytes), {@code bits_per_byte} = -L / (bytes ln
 * 2). Words are what stands between white space, bytes those of UTF-8; see {@link RollingWindows} for L.
 */
public final class PerplexityTask {
    private static final int BLOCK_TOKENS = 1 << 16;
    private static final Pattern SPACE = Pattern.compile("[\\s\\x1c-\\x1f]+", Pattern.UNICODE_CHARACTER_CLASS);

    private final Tokenizer tokenizer;
    private final DecoderScorer scorer;
    private final RollingWindows windows;
    private final List<TokenizedPair> waiting = new ArrayList<>();
    private long waitingTokens;
    private long documents;
    private long words;
    private long bytes;
    private long tokens;
    private double logLikelihood;

    /**
     * The prefix is the tokenizer's begin of sequence or, where it has none, its end.
     *
     * @param tokenizer stays the caller's, as {@code scorer} does
     * @param positions tokens that a window feeds, at most the model's
     */
    public PerplexityTask(Tokenizer tokenizer, DecoderScorer scorer, int positions) {
        int most = scorer.size().maxPositions();
        if (positions < 1 || positions > most) {
            throw new ConfigException(
                    "--max-length: got " + positions + ", expected 1 to " + most + " (max_position_embeddings)");
        }
        this.tokenizer = tokenizer;
        this.scorer = scorer;
        this.windows = new RollingWindows(prefix(tokenizer.specialTokens()), positions);
    }

    private static int prefix(SpecialTokens special) {
        int prefix = special.bos() == SpecialTokens.NONE ? special.eos() : special.bos();
        if (prefix == SpecialTokens.NONE) {
            throw new DataException(
                    "the tokenizer has neither a begin nor an end of sequence, expected one to begin with");
        }
        return prefix;
    }

    public void add(String text) {
        documents++;
        words += words(text);
        bytes += text.getBytes(StandardCharsets.UTF_8).length;
        int[] ids = tokenizer.encode(text);
        requireIds(ids);
        tokens += ids.length;
        for (TokenizedPair window : windows.of(ids)) {
            waiting.add(window);
            waitingTokens += window.documentTokens();
            if (waitingTokens >= BLOCK_TOKENS) {
                score();
            }
        }
    }

    private void requireIds(int[] ids) {
        int vocabulary = scorer.size().vocabulary();
        for (int id : ids) {
            if (id < 0 || id >= vocabulary) {
                throw new DataException("document " + documents + ": got id " + id + ", expected 0 to "
                        + (vocabulary - 1) + "; the tokenizer is not the model's");
            }
        }
    }

    /** As Python's {@code len(re.split(r"\s+", text))}. */
    static int words(String text) {
        Matcher matcher = SPACE.matcher(text);
        int words = 1;
        while (matcher.find()) {
            words++;
        }
        return words;
    }

    private void score() {
        logLikelihood += Arrays.stream(scorer.sequenceLogps(waiting)).sum();
        waiting.clear();
        waitingTokens = 0;
    }

    /** @throws DataException where no document has a token */
    public TaskResult result(String name) {
        score();
        if (tokens == 0) {
            throw new DataException(name + ": no text, expected at least one token");
        }
        double notComputed = Double.NaN;
        return new TaskResult.Values()
                .put("word_perplexity", Math.exp(-logLikelihood / words))
                .put("word_perplexity_stderr", notComputed)
                .put("byte_perplexity", Math.exp(-logLikelihood / bytes))
                .put("byte_perplexity_stderr", notComputed)
                .put("bits_per_byte", -logLikelihood / bytes / Math.log(2))
                .put("bits_per_byte_stderr", notComputed)
                .put("token_perplexity", Math.exp(-logLikelihood / tokens))
                .count("words", words)
                .count("bytes", bytes)
                .count("tokens", tokens)
                .result(name, 0, documents);
    }
}
