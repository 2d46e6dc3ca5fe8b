package org.dilort.export;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.dilort.data.PairTokenizer;
import org.dilort.data.SpecialTokens;
import org.dilort.data.TokenLimits;
import org.dilort.data.Tokenizer;
import org.dilort.data.Truncation;
import org.dilort.model.CausalLm;
import org.dilort.runtime.SessionSettings;
import org.dilort.weights.NamedTensors;

/** Text in, text out: a decoder with its tokenizer, both of which it owns; thread-safe until it is closed. */
public final class Generator implements AutoCloseable {
    private final Decoder decoder;
    private final Tokenizer tokenizer;
    private final PairTokenizer prompts;

    /** Takes over both: closing this closes them. */
    public Generator(Decoder decoder, Tokenizer tokenizer) {
        this.decoder = decoder;
        this.tokenizer = tokenizer;
        TokenLimits limits = new TokenLimits(Integer.MAX_VALUE, TokenLimits.NO_LIMIT, Truncation.FAIL);
        this.prompts = new PairTokenizer(tokenizer, decoder.vocabularySize(), limits);
    }

    /** Of an export folder, one of its model files, or a Hugging Face folder. */
    public static Generator open(Path named, SessionSettings settings) {
        Tokenizer tokenizer = Tokenizer.open(ModelPlace.of(named).folder());
        try {
            return new Generator(Decoder.open(named, settings), tokenizer);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    /** Of a model whose weights lie in a checkpoint, with the tokenizer and the end ids of its folder. */
    public static Generator of(Path folder, CausalLm model, NamedTensors weights, SessionSettings settings) {
        Tokenizer tokenizer = Tokenizer.open(folder);
        try {
            Set<Integer> ends = Set.copyOf(SpecialIds.read(folder).end());
            return new Generator(Decoder.of(model, weights, ends, settings), tokenizer);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    /**
     * Answers every prompt. The tokenizer's end of sequence ends an answer too.
     *
     * @throws org.dilort.error.DataException for a prompt that has no tokens or leaves no room in the context
     */
    public List<Generation> generate(List<String> texts, GenerationSettings settings, TextListener listener) {
        return answer(texts.stream().map(prompts::trunk).toList(), settings, listener);
    }

    /**
     * As {@link #generate}; a prompt that leaves no room for the whole answer loses its beginning, as in
     * lm-evaluation-harness.
     */
    public List<Generation> generateCut(List<String> texts, GenerationSettings settings) {
        int most = Math.max(1, decoder.contextLength() - settings.maxNewTokens());
        List<int[]> ids = texts.stream()
                .map(prompts::trunk)
                .map(prompt -> Arrays.copyOfRange(prompt, Math.max(0, prompt.length - most), prompt.length))
                .toList();
        return answer(ids, settings, TextListener.NONE);
    }

    private List<Generation> answer(List<int[]> ids, GenerationSettings settings, TextListener listener) {
        StopTexts stops = new StopTexts(settings.stops());
        List<AnswerText> answers = ids.stream()
                .map(prompt -> new AnswerText(tokenizer, prompt, stops))
                .toList();
        List<Completion> completions =
                decoder.generate(ids, settings.withEndIds(endIds()), new Told(answers, listener));
        List<Generation> generations = new ArrayList<>();
        for (int row = 0; row < completions.size(); row++) {
            Completion completion = completions.get(row);
            told(listener, row, answers.get(row), answers.get(row).rest());
            generations.add(new Generation(
                    answers.get(row).text(), ids.get(row).length, completion.tokens().length, completion.ending()));
        }
        return generations;
    }

    private Set<Integer> endIds() {
        int eos = tokenizer.specialTokens().eos();
        return eos == SpecialTokens.NONE ? Set.of() : Set.of(eos);
    }

    /** Tells of tokens as text. */
    private record Told(List<AnswerText> answers, TextListener listener) implements TokenListener {
        @Override
        public void onScores(int row, TokenScores scores) {
            AnswerText answer = answers.get(row);
            List<ScoredToken> top = scores.top().stream()
                    .map(other -> new ScoredToken(answer.growth(other.token()), other.logprob(), List.of()))
                    .toList();
            TokenScores.Scored chosen = scores.chosen();
            listener.onScores(row, new ScoredToken(answer.growth(chosen.token()), chosen.logprob(), top));
        }

        @Override
        public Next onToken(int row, int token) {
            AnswerText answer = answers.get(row);
            return told(listener, row, answer, answer.add(token));
        }
    }

    private static Next told(TextListener listener, int row, AnswerText answer, String piece) {
        Next wanted = piece.isEmpty() ? Next.GO_ON : listener.onText(row, piece);
        return answer.isStopped() ? Next.STOP : wanted;
    }

    @Override
    public void close() {
        try {
            decoder.close();
        } finally {
            tokenizer.close();
        }
    }
}
