package org.dilort.data;

import java.util.Arrays;
import java.util.Optional;
import org.dilort.error.DataException;
import org.dilort.error.FormatException;
import org.dilort.input.SourceLine;

/**
 * Turns examples into token ids, cut to their limits; thread-safe.
 *
 * <p>The trunk is BOS, where the tokenizer uses one, and the prompt's tokens. A response is what follows the prompt's
 * tokens in the tokens of prompt and response together. Where these merge across the boundary, the response is
 * tokenised as a continuation instead, so that both responses hang on the very trunk that a model is given when it
 * generates. A response ends with EOS. Neither BOS nor EOS is ever doubled. Ready-made ids are left as they are.
 */
public final class PairTokenizer {
    /** A text after which a response is tokenised as in the middle of a text: tokens seldom merge with a line's end. */
    private static final String ANCHOR = "\n";

    private final Tokenizer tokenizer;
    private final int vocabularySize;
    private final Truncator truncator;

    /** @param vocabularySize of the model: every id must be below it */
    public PairTokenizer(Tokenizer tokenizer, int vocabularySize, TokenLimits limits) {
        this.tokenizer = tokenizer;
        this.vocabularySize = vocabularySize;
        this.truncator = new Truncator(limits, tokenizer.specialTokens().bos());
    }

    /** The pair, or nothing if it is too long and the limits say that such pairs are dropped. */
    Optional<TokenizedPair> tokenize(PreferenceExample example, long index, DataTally tally) {
        tally.read();
        TokenizedPair pair = example.match(new Tokenization(index, tally));
        requireIds("prompt", pair.trunk(), example.source());
        requireIds("chosen", pair.chosen(), example.source());
        requireIds("rejected", pair.rejected(), example.source());
        Optional<TokenizedPair> cut = truncator.apply(pair, example.source(), tally);
        cut.ifPresent(tally::kept);
        return cut;
    }

    /** BOS, where the tokenizer uses one, and the tokens of a prompt: what generation starts from. */
    public int[] trunk(String prompt) {
        return withBos(tokenizer.encode(prompt));
    }

    private int[] withBos(int[] prompt) {
        SpecialTokens special = tokenizer.specialTokens();
        boolean present = prompt.length > 0 && prompt[0] == special.bos();
        if (!special.usesBos() || present) {
            return prompt;
        }
        int[] trunk = new int[prompt.length + 1];
        trunk[0] = special.bos();
        System.arraycopy(prompt, 0, trunk, 1, prompt.length);
        return trunk;
    }

    private int[] withEos(int[] response) {
        int eos = tokenizer.specialTokens().eos();
        if (eos == SpecialTokens.NONE) {
            throw new FormatException(
                    "tokenizer: no eos_token in tokenizer_config.json or special_tokens_map.json and no"
                            + " eos_token_id in config.json; responses must end with one");
        }
        if (response[response.length - 1] == eos) {
            return response;
        }
        int[] ended = Arrays.copyOf(response, response.length + 1);
        ended[response.length] = eos;
        return ended;
    }

    private int[] continuation(String response) {
        int[] anchor = tokenizer.encode(ANCHOR);
        int[] anchored = tokenizer.encode(ANCHOR + response);
        return startsWith(anchored, anchor) ? tail(anchored, anchor.length) : tokenizer.encode(response);
    }

    private static boolean startsWith(int[] tokens, int[] prefix) {
        return tokens.length >= prefix.length && Arrays.equals(tokens, 0, prefix.length, prefix, 0, prefix.length);
    }

    private static int[] tail(int[] tokens, int from) {
        return Arrays.copyOfRange(tokens, from, tokens.length);
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
            int[] prompt = tokenizer.encode(example.prompt());
            int[] trunk = withBos(prompt);
            if (trunk.length == 0) {
                throw new DataException(example.source() + ": prompt: no tokens in this text");
            }
            int[] rejected = example.rejected().isEmpty()
                    ? new int[0]
                    : response("rejected", example, prompt, example.rejected());
            return new TokenizedPair(index, trunk, response("chosen", example, prompt, example.chosen()), rejected);
        }

        @Override
        public TokenizedPair messages(PreferenceExample.Messages example) {
            throw new DataException(
                    example.source() + ": got lists of messages, which need a chat template; those are not"
                            + " supported yet, expected prompt, chosen and rejected as strings or as token ids");
        }

        @Override
        public TokenizedPair tokenIds(PreferenceExample.TokenIds example) {
            return new TokenizedPair(index, example.prompt(), example.chosen(), example.rejected());
        }

        private int[] response(String name, PreferenceExample.Text example, int[] prompt, String response) {
            int[] together = tokenizer.encode(example.prompt() + response);
            int[] tokens;
            if (startsWith(together, prompt)) {
                tokens = tail(together, prompt.length);
            } else {
                tally.mergeSplit();
                tokens = continuation(response);
            }
            if (tokens.length == 0) {
                throw new DataException(example.source() + ": " + name + ": no tokens in this text");
            }
            return withEos(tokens);
        }
    }
}
