package org.dilort.data;

import java.util.Optional;
import org.dilort.data.ConversationRenderer.Ending;
import org.dilort.input.SourceLine;

/**
 * The tokens that a model is given when it generates, then those that it should say.
 *
 * <p>The trunk is BOS, where the tokenizer uses one, and the prompt's tokens; a conversation's prompt ends with the
 * header of the assistant's turn. A response is what follows the prompt's tokens in the tokens of prompt and response
 * together. Where these merge across the boundary, the response is tokenised as a continuation instead, so that both
 * responses hang on the very same trunk. A response ends with EOS, or with what the chat template ends a turn with; white
 * space that a template puts after EOS is never generated, and is left out. Neither BOS nor EOS is ever doubled.
 */
final class DefaultPipeline implements PairPipeline {
    /** A text after which a response is tokenised as in the middle of a text: tokens seldom merge with a line's end. */
    private static final String ANCHOR = "\n";

    private final TextEncoder encoder;
    private final Truncator truncator;

    DefaultPipeline(TextEncoder encoder, TokenLimits limits) {
        this.encoder = encoder;
        this.truncator = new Truncator(limits, encoder.special().bos());
    }

    @Override
    public TokenizedPair text(PreferenceExample.Text example, long index, DataTally tally) {
        return pair(example, index, tally, Ending.MISSING);
    }

    @Override
    public TokenizedPair messages(PreferenceExample.Messages example, long index, DataTally tally) {
        ConversationRenderer.Texts texts = new ConversationRenderer(encoder.template()).render(example);
        PreferenceExample.Text text =
                new PreferenceExample.Text(example.source(), texts.trunk(), texts.chosen(), texts.rejected());
        return pair(text, index, tally, texts.ending());
    }

    @Override
    public Optional<TokenizedPair> cut(TokenizedPair pair, SourceLine source, DataTally tally) {
        return truncator.apply(pair, source, tally);
    }

    /** BOS, where the tokenizer uses one, and the prompt's tokens. */
    int[] trunk(String prompt) {
        return withBos(encoder.encode(prompt));
    }

    /** Of answers that a model gave, which may be empty: then the end of sequence is all there is. */
    TokenizedPair answers(String prompt, String first, String second, long index) {
        int[] tokens = encoder.encode(prompt);
        return new TokenizedPair(index, withBos(tokens), answer(prompt, tokens, first), answer(prompt, tokens, second));
    }

    private int[] answer(String prompt, int[] promptTokens, String answer) {
        int[] together = encoder.encode(prompt + answer);
        int[] tokens = TextEncoder.startsWith(together, promptTokens)
                ? TextEncoder.tail(together, promptTokens.length)
                : continuation(answer);
        return ended(tokens, Ending.MISSING);
    }

    private int[] withBos(int[] prompt) {
        SpecialTokens special = encoder.special();
        boolean present = prompt.length > 0 && prompt[0] == special.bos();
        return special.usesBos() && !present ? TextEncoder.prepended(special.bos(), prompt) : prompt;
    }

    private TokenizedPair pair(PreferenceExample.Text example, long index, DataTally tally, Ending ending) {
        int[] prompt = encoder.encode(example.prompt());
        int[] trunk = TextEncoder.requireTokens("prompt", withBos(prompt), example.source());
        int[] rejected = example.rejected().isEmpty()
                ? new int[0]
                : ended(response("rejected", example, prompt, example.rejected(), tally), ending);
        int[] chosen = ended(response("chosen", example, prompt, example.chosen(), tally), ending);
        return new TokenizedPair(index, trunk, chosen, rejected);
    }

    private int[] response(
            String name, PreferenceExample.Text example, int[] prompt, String response, DataTally tally) {
        int[] together = encoder.encode(example.prompt() + response);
        int[] tokens;
        if (TextEncoder.startsWith(together, prompt)) {
            tokens = TextEncoder.tail(together, prompt.length);
        } else {
            tally.mergeSplit();
            tokens = continuation(response);
        }
        return TextEncoder.requireTokens(name, tokens, example.source());
    }

    private int[] continuation(String response) {
        int[] anchor = encoder.encode(ANCHOR);
        int[] anchored = encoder.encode(ANCHOR + response);
        return TextEncoder.startsWith(anchored, anchor)
                ? TextEncoder.tail(anchored, anchor.length)
                : encoder.encode(response);
    }

    /** One EOS at the end, or what a template ends its turns with instead; no white space after EOS. */
    private int[] ended(int[] response, Ending ending) {
        int eos = encoder.eos();
        int last = response.length - 1;
        while (last >= 0 && response[last] != eos) {
            last--;
        }
        if (last >= 0 && isBlank(TextEncoder.tail(response, last + 1))) {
            return TextEncoder.first(response, last + 1);
        }
        return ending == Ending.BY_TEMPLATE ? response : TextEncoder.appended(response, eos);
    }

    private boolean isBlank(int[] tokens) {
        return encoder.tokenizer().decode(tokens, Tokenizer.SpecialText.KEEP).isBlank();
    }
}
