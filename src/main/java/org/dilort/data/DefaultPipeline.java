package org.dilort.data;

import java.util.List;
import java.util.Optional;
import org.dilort.data.ChatTemplate.GenerationPrompt;
import org.dilort.error.DataException;
import org.dilort.input.SourceLine;

/**
 * The tokens that a model is given when it generates, then those that it should say.
 *
 * <p>The trunk is BOS, where the tokenizer uses one, and the prompt's tokens; a conversation's prompt ends with the
 * header of the assistant's turn. A response is what follows the prompt's tokens in the tokens of prompt and response
 * together. Where these merge across the boundary, the response is tokenised as a continuation instead, so that both
 * responses hang on the very same trunk. A response ends with EOS; white space that a template puts after EOS is never
 * generated, and is left out. Neither BOS nor EOS is ever doubled.
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
        return pair(example, index, tally);
    }

    @Override
    public TokenizedPair messages(PreferenceExample.Messages example, long index, DataTally tally) {
        SourceLine source = example.source();
        String prompt = encoder.render(example.prompt(), GenerationPrompt.ADD, source);
        String rejected = example.rejected().isEmpty()
                ? ""
                : response("rejected", prompt, example.withRejected(), source);
        String chosen = response("chosen", prompt, example.withChosen(), source);
        return pair(new PreferenceExample.Text(source, prompt, chosen, rejected), index, tally);
    }

    private String response(
            String name, String prompt, List<Message> conversation, SourceLine source) {
        String together = encoder.render(conversation, GenerationPrompt.OMIT, source);
        if (!together.startsWith(prompt) || together.length() == prompt.length()) {
            throw new DataException(source + ": " + name
                    + ": the chat template does not render the conversation as its prompt and what follows");
        }
        return together.substring(prompt.length());
    }

    @Override
    public Optional<TokenizedPair> cut(TokenizedPair pair, SourceLine source, DataTally tally) {
        return truncator.apply(pair, source, tally);
    }

    /** BOS, where the tokenizer uses one, and the prompt's tokens. */
    int[] trunk(String prompt) {
        int[] tokens = encoder.encode(prompt);
        SpecialTokens special = encoder.special();
        boolean present = tokens.length > 0 && tokens[0] == special.bos();
        return special.usesBos() && !present ? TextEncoder.prepended(special.bos(), tokens) : tokens;
    }

    private TokenizedPair pair(PreferenceExample.Text example, long index, DataTally tally) {
        int[] prompt = encoder.encode(example.prompt());
        int[] trunk = TextEncoder.requireTokens("prompt", trunk(example.prompt()), example.source());
        int[] rejected = example.rejected().isEmpty()
                ? new int[0]
                : response("rejected", example, prompt, example.rejected(), tally);
        int[] chosen = response("chosen", example, prompt, example.chosen(), tally);
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
        return ended(TextEncoder.requireTokens(name, tokens, example.source()));
    }

    private int[] continuation(String response) {
        int[] anchor = encoder.encode(ANCHOR);
        int[] anchored = encoder.encode(ANCHOR + response);
        return TextEncoder.startsWith(anchored, anchor)
                ? TextEncoder.tail(anchored, anchor.length)
                : encoder.encode(response);
    }

    private int[] ended(int[] response) {
        int eos = encoder.eos();
        int last = response.length - 1;
        while (last >= 0 && response[last] != eos) {
            last--;
        }
        boolean ends = last >= 0
                && encoder.tokenizer()
                        .decode(TextEncoder.tail(response, last + 1), Tokenizer.SpecialText.KEEP)
                        .isBlank();
        return ends ? TextEncoder.first(response, last + 1) : TextEncoder.appended(response, eos);
    }
}
