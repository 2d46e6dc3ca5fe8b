package org.dilort.data;

import java.util.Optional;
import org.dilort.error.DataException;
import org.dilort.input.SourceLine;

/** Turns examples into token ids, cut to their limits; thread-safe. Ready-made ids are left as they are. */
public final class PairTokenizer {
    private final int vocabularySize;
    private final PairPipeline pipeline;
    private final DefaultPipeline generation;
    private final ExampleCheck check;

    /** The default pipeline, for texts alone. */
    public PairTokenizer(Tokenizer tokenizer, int vocabularySize, TokenLimits limits) {
        this(TextEncoder.textsOnly(tokenizer), vocabularySize, limits, Preset.DEFAULT);
    }

    private PairTokenizer(TextEncoder encoder, int vocabularySize, TokenLimits limits, Preset preset) {
        this.vocabularySize = vocabularySize;
        this.pipeline = preset.pipeline(encoder, limits);
        this.generation = new DefaultPipeline(encoder, limits);
        this.check = new ExampleCheck(new SpecialTexts(encoder.tokenizer().specialTexts()), limits);
    }

    /** For texts alone: a conversation is an error. */
    public static PairTokenizer of(Tokenizer tokenizer, int vocabularySize, TokenLimits limits, Preset preset) {
        return new PairTokenizer(TextEncoder.textsOnly(tokenizer), vocabularySize, limits, preset);
    }

    /** @param vocabularySize of the model: every id must be below it */
    public static PairTokenizer of(
            Tokenizer tokenizer, ChatTemplate template, int vocabularySize, TokenLimits limits, Preset preset) {
        return new PairTokenizer(new TextEncoder(tokenizer, template), vocabularySize, limits, preset);
    }

    /** The pair, or nothing if it is too long and the limits say that such pairs are dropped. */
    Optional<TokenizedPair> tokenize(PreferenceExample example, long index, DataTally tally) {
        return cut(uncut(example, index, tally), example, tally);
    }

    /** The pair with everything that is to be said of it. */
    TokenizedExample examine(PreferenceExample example, long index) {
        DataTally tally = new DataTally();
        TokenizedPair whole = uncut(example, index, tally);
        Optional<TokenizedPair> cut = cut(whole, example, tally);
        return new TokenizedExample(cut.stream().toList(), tally, check.findings(example, whole, cut));
    }

    /** Two answers to a prompt, each with an end of sequence; an answer may be empty. */
    public TokenizedPair answers(String prompt, String first, String second, long index) {
        return generation.answers(prompt, first, second, index);
    }

    /** The pair as it is, not cut. */
    TokenizedPair whole(PreferenceExample example, long index) {
        return uncut(example, index, new DataTally());
    }

    private TokenizedPair uncut(PreferenceExample example, long index, DataTally tally) {
        tally.read();
        TokenizedPair pair = example.match(new Tokenization(index, tally));
        requireIds("prompt", pair.chosenPrompt(), example.source());
        requireIds("chosen", pair.chosen(), example.source());
        requireIds("prompt", pair.rejectedPrompt(), example.source());
        requireIds("rejected", pair.rejected(), example.source());
        return pair;
    }

    private Optional<TokenizedPair> cut(TokenizedPair whole, PreferenceExample example, DataTally tally) {
        Optional<TokenizedPair> cut = pipeline.cut(whole, example.source(), tally);
        cut.ifPresent(tally::kept);
        return cut;
    }

    /** BOS, where the tokenizer uses one, and the tokens of a prompt: what generation starts from. */
    public int[] trunk(String prompt) {
        return generation.trunk(prompt);
    }

    private void requireIds(String name, int[] ids, SourceLine source) {
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= vocabularySize) {
                throw new DataException(source + ": " + name + " token " + i + ": got id " + ids[i] + ", expected 0 to "
                        + (vocabularySize - 1));
            }
        }
    }

    /** The three forms of an example, not yet cut. */
    private final class Tokenization implements PreferenceExample.Cases<TokenizedPair> {
        private final long index;
        private final DataTally tally;

        Tokenization(long index, DataTally tally) {
            this.index = index;
            this.tally = tally;
        }

        @Override
        public TokenizedPair text(PreferenceExample.Text example) {
            return pipeline.text(example, index, tally);
        }

        @Override
        public TokenizedPair messages(PreferenceExample.Messages example) {
            return pipeline.messages(example, index, tally);
        }

        @Override
        public TokenizedPair tokenIds(PreferenceExample.TokenIds example) {
            return new TokenizedPair(index, example.prompt(), example.chosen(), example.rejected());
        }
    }
}
