package org.dilort.data;

import java.util.Optional;
import org.dilort.data.ChatTemplate.GenerationPrompt;
import org.dilort.error.DataException;
import org.dilort.input.SourceLine;

/**
 * The tokens of TRL's DPOTrainer (1.10), faults and all.
 *
 * <p>The text of EOS is put after a response that does not end with it, unless the pair is a conversation; prompt, and
 * prompt and response together, are tokenised, each with BOS and EOS where the tokenizer puts them around a text; the
 * response is the tokens together from the number of the prompt's tokens on, wherever that falls. A conversation's
 * prompt is rendered with the assistant's header, and tokenised with nothing around it.
 *
 * <p>Each sequence is then cut to {@code data.max_length}: {@code keep_start} keeps its first tokens, and drops a pair
 * whose prompt fills the limit; {@code keep_end} keeps its last ones.
 */
final class TrlPipeline implements PairPipeline {
    private final TextEncoder encoder;
    private final TokenLimits limits;

    TrlPipeline(TextEncoder encoder, TokenLimits limits) {
        this.encoder = encoder;
        this.limits = limits;
    }

    @Override
    public TokenizedPair text(PreferenceExample.Text example, long index, DataTally tally) {
        int[] prompt = dressed(example.prompt());
        int[] chosen = dressed(example.prompt() + ended(example.chosen()));
        int[] rejected =
                example.rejected().isEmpty() ? new int[0] : dressed(example.prompt() + ended(example.rejected()));
        return pair(index, prompt, chosen, rejected, example.source(), tally);
    }

    @Override
    public TokenizedPair messages(PreferenceExample.Messages example, long index, DataTally tally) {
        SourceLine source = example.source();
        TextEncoder rendering = encoder.with(example.variables());
        int[] prompt = encoder.encode(rendering.render(example.prompt(), GenerationPrompt.ADD, source));
        int[] chosen = encoder.encode(rendering.render(example.withChosen(), GenerationPrompt.OMIT, source));
        int[] rejected = example.rejected().isEmpty()
                ? new int[0]
                : encoder.encode(rendering.render(example.withRejected(), GenerationPrompt.OMIT, source));
        return pair(index, prompt, chosen, rejected, source, tally);
    }

    private TokenizedPair pair(
            long index, int[] prompt, int[] chosen, int[] rejected, SourceLine source, DataTally tally) {
        TextEncoder.requireTokens("prompt", prompt, source);
        return new TokenizedPair(
                index,
                prompt,
                response("chosen", prompt, chosen, source, tally),
                rejected.length == 0 ? rejected : response("rejected", prompt, rejected, source, tally));
    }

    private static int[] response(String name, int[] prompt, int[] together, SourceLine source, DataTally tally) {
        if (!TextEncoder.startsWith(together, prompt)) {
            tally.mergeSplit();
        }
        if (together.length <= prompt.length) {
            throw new DataException(source + ": " + name + ": no tokens are left after the prompt's " + prompt.length);
        }
        return TextEncoder.tail(together, prompt.length);
    }

    private String ended(String response) {
        String eos = encoder.textOf(encoder.eos());
        return response.endsWith(eos) ? response : response + eos;
    }

    /** Tokens with what the tokenizer puts around every text, present or not. */
    private int[] dressed(String text) {
        SpecialTokens special = encoder.special();
        int[] tokens = encoder.encode(text);
        if (special.usesBos()) {
            tokens = TextEncoder.prepended(special.bos(), tokens);
        }
        return special.addEos() && special.eos() != SpecialTokens.NONE
                ? TextEncoder.appended(tokens, special.eos())
                : tokens;
    }

    @Override
    public Optional<TokenizedPair> cut(TokenizedPair pair, SourceLine source, DataTally tally) {
        boolean keepStart = limits.truncation() == Truncation.KEEP_START;
        if (keepStart && pair.trunk().length >= limits.maxLength()) {
            tally.dropped();
            return Optional.empty();
        }
        if (pair.longestSequence() <= limits.maxLength()) {
            return Optional.of(pair);
        }
        return keepStart ? Optional.of(keepStart(pair, tally)) : keepEnd(pair, tally);
    }

    private TokenizedPair keepStart(TokenizedPair pair, DataTally tally) {
        tally.responseCut();
        int response = limits.maxLength() - pair.trunk().length;
        return new TokenizedPair(
                pair.index(),
                pair.trunk(),
                TextEncoder.first(pair.chosen(), response),
                TextEncoder.first(pair.rejected(), response));
    }

    /** A sequence that is left without prompt has nothing to predict its first token from: it becomes a lead. */
    private Optional<TokenizedPair> keepEnd(TokenizedPair pair, DataTally tally) {
        tally.promptCut();
        Sequence chosen = Sequence.end(pair.trunk(), pair.chosen(), limits.maxLength());
        Sequence rejected = pair.hasRejected()
                ? Sequence.end(pair.trunk(), pair.rejected(), limits.maxLength())
                : new Sequence(chosen.prompt(), new int[0]);
        if (chosen.response().length < pair.chosen().length || rejected.response().length < pair.rejected().length) {
            tally.responseCut();
        }
        return Optional.of(TokenizedPair.ofPrompts(
                pair.index(), chosen.prompt(), chosen.response(), rejected.prompt(), rejected.response()));
    }

    private record Sequence(int[] prompt, int[] response) {

        static Sequence end(int[] prompt, int[] response, int length) {
            int[] lastOfResponse = TextEncoder.last(response, length);
            int left = length - lastOfResponse.length;
            return left > 0
                    ? new Sequence(TextEncoder.last(prompt, left), lastOfResponse)
                    : new Sequence(TextEncoder.first(lastOfResponse, 1), TextEncoder.tail(lastOfResponse, 1));
        }
    }
}
