package org.dilort.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.dilort.data.ChatTemplate.GenerationPrompt;
import org.dilort.error.DataException;
import org.dilort.input.SourceLine;

/**
 * The tokens of the DIL authors' code, which is that of TRL 0.8 with SimPO's templates, faults and all.
 *
 * <p>A conversation's prompt, chosen and rejected response are rendered by themselves, without the assistant's header at
 * the prompt's end, so that it is scored with the response; a prompt without system message gets an empty one where the
 * template knows such; a BOS that begins a rendered response is taken off.
 *
 * <p>Prompt, and prompt and answer together, are tokenised with nothing around them. The answer begins after as many
 * tokens as the prompt has, or one earlier where the two differ before that. BOS is put before each prompt, EOS after
 * each answer, unless it is there.
 *
 * <p>Where prompt and longer answer exceed {@code data.max_length}, the prompt is cut to {@code data.max_prompt_length},
 * from the left ({@code keep_end}) or the right ({@code keep_start}), whether or not that is needed, BOS like any other
 * token; where that is not enough, both answers are cut to what the limit is above the prompt's limit.
 */
final class AuthorsPipeline implements PairPipeline {
    private final TextEncoder encoder;
    private final TokenLimits limits;

    AuthorsPipeline(TextEncoder encoder, TokenLimits limits) {
        this.encoder = encoder;
        this.limits = limits;
    }

    @Override
    public TokenizedPair text(PreferenceExample.Text example, long index, DataTally tally) {
        SourceLine source = example.source();
        int[] prompt = encoder.encode(example.prompt());
        Answer chosen = answer("chosen", prompt, example.prompt(), example.chosen(), source, tally);
        if (example.rejected().isEmpty()) {
            return TokenizedPair.ofPrompts(
                    index, withBos(chosen.prompt()), ended(chosen.tokens()), withBos(chosen.prompt()), new int[0]);
        }
        Answer rejected = answer("rejected", prompt, example.prompt(), example.rejected(), source, tally);
        requireSimilar(chosen.prompt(), rejected.prompt(), source);
        return TokenizedPair.ofPrompts(
                index,
                withBos(chosen.prompt()),
                ended(chosen.tokens()),
                withBos(rejected.prompt()),
                ended(rejected.tokens()));
    }

    @Override
    public TokenizedPair messages(PreferenceExample.Messages example, long index, DataTally tally) {
        SourceLine source = example.source();
        String prompt = encoder.render(withSystem(example.prompt()), GenerationPrompt.OMIT, source);
        String chosen = withoutBos(encoder.render(example.chosen(), GenerationPrompt.OMIT, source));
        String rejected = example.rejected().isEmpty()
                ? ""
                : withoutBos(encoder.render(example.rejected(), GenerationPrompt.OMIT, source));
        return text(new PreferenceExample.Text(source, prompt, chosen, rejected), index, tally);
    }

    private List<Message> withSystem(List<Message> prompt) {
        boolean known = encoder.template().source().contains("system")
                || encoder.template().source().contains("<|im_start|>");
        if (!known || prompt.get(0).role().equals("system")) {
            return prompt;
        }
        List<Message> longer = new ArrayList<>();
        longer.add(new Message("system", ""));
        longer.addAll(prompt);
        return longer;
    }

    private String withoutBos(String rendered) {
        if (encoder.special().bos() == SpecialTokens.NONE) {
            return rendered;
        }
        String bos = encoder.textOf(encoder.special().bos());
        return rendered.startsWith(bos) ? rendered.substring(bos.length()) : rendered;
    }

    /** An answer, and the prompt as its tokens show it. */
    private record Answer(int[] prompt, int[] tokens) {}

    private Answer answer(
            String name, int[] prompt, String promptText, String answer, SourceLine source, DataTally tally) {
        int[] together = encoder.encode(promptText + answer);
        if (together.length < prompt.length) {
            throw new DataException(source + ": " + name + ": prompt and response have " + together.length
                    + " tokens, the prompt alone " + prompt.length + "; the authors' code stops there");
        }
        int start = prompt.length;
        if (!TextEncoder.startsWith(together, prompt)) {
            tally.mergeSplit();
            start--;
        }
        return new Answer(TextEncoder.first(together, start), TextEncoder.tail(together, start));
    }

    private static void requireSimilar(int[] chosen, int[] rejected, SourceLine source) {
        int different = 0;
        for (int i = 0; i < Math.min(chosen.length, rejected.length); i++) {
            different += chosen[i] == rejected[i] ? 0 : 1;
        }
        if (different > 1 || Math.abs(chosen.length - rejected.length) > 1) {
            throw new DataException(
                    source + ": the prompts of chosen and rejected differ in more than their last token;"
                            + " the authors' code stops there");
        }
    }

    private int[] withBos(int[] prompt) {
        int bos = encoder.special().bos();
        boolean present = prompt.length > 0 && prompt[0] == bos;
        return bos == SpecialTokens.NONE || present ? prompt : TextEncoder.prepended(bos, prompt);
    }

    private int[] ended(int[] answer) {
        int eos = encoder.eos();
        boolean present = answer.length > 0 && answer[answer.length - 1] == eos;
        return present ? answer : TextEncoder.appended(answer, eos);
    }

    @Override
    public Optional<TokenizedPair> cut(TokenizedPair pair, SourceLine source, DataTally tally) {
        int longer = Math.max(pair.chosen().length, pair.rejected().length);
        int[] chosenPrompt = prompt(pair.chosenPrompt(), longer);
        int[] rejectedPrompt = prompt(pair.rejectedPrompt(), longer);
        int[] chosen = answer(chosenPrompt, pair.chosen(), longer);
        int[] rejected = answer(rejectedPrompt, pair.rejected(), longer);
        if (chosenPrompt.length < pair.chosenPrompt().length || rejectedPrompt.length < pair.rejectedPrompt().length) {
            tally.promptCut();
        }
        if (chosen.length < pair.chosen().length || rejected.length < pair.rejected().length) {
            tally.responseCut();
        }
        return Optional.of(TokenizedPair.ofPrompts(pair.index(), chosenPrompt, chosen, rejectedPrompt, rejected));
    }

    private int[] prompt(int[] prompt, int longerAnswer) {
        if (prompt.length + longerAnswer <= limits.maxLength()) {
            return prompt;
        }
        return limits.truncation() == Truncation.KEEP_START
                ? TextEncoder.first(prompt, limits.maxPromptLength())
                : TextEncoder.last(prompt, limits.maxPromptLength());
    }

    private int[] answer(int[] prompt, int[] answer, int longerAnswer) {
        return prompt.length + longerAnswer <= limits.maxLength()
                ? answer
                : Arrays.copyOf(answer, Math.min(answer.length, limits.maxLength() - limits.maxPromptLength()));
    }
}
