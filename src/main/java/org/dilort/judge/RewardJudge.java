package org.dilort.judge;

import java.util.List;
import org.dilort.data.ChatTemplate;
import org.dilort.data.ChatTemplates;
import org.dilort.data.PairTokenizer;
import org.dilort.data.TokenizedPair;
import org.dilort.data.Tokenizer;
import org.dilort.eval.ModelFolder;
import org.dilort.eval.Reward;
import org.dilort.eval.SequenceScorer;
import org.dilort.runtime.SessionSettings;

/**
 * A policy as its own reward model: the answer whose log-ratio to the reference is the greater one is better (Rafailov et al.,
 * arXiv 2305.18290, section 4). It has no favourite place, and is asked once.
 */
final class RewardJudge implements Judge {
    private final Reward reward;
    private final Tokenizer tokenizer;
    private final ChatTemplate template;
    private final PairTokenizer pairs;
    private final SequenceScorer policy;
    private final SequenceScorer reference;

    private RewardJudge(
            Reward reward,
            Tokenizer tokenizer,
            ChatTemplate template,
            PairTokenizer pairs,
            SequenceScorer policy,
            SequenceScorer reference) {
        this.reward = reward;
        this.tokenizer = tokenizer;
        this.template = template;
        this.pairs = pairs;
        this.policy = policy;
        this.reference = reference;
    }

    static RewardJudge open(JudgeChoice.Model choice, SessionSettings session) {
        ModelFolder policy = ModelFolder.open(choice.policy());
        ModelFolder reference = ModelFolder.open(choice.reference());
        Tokenizer tokenizer = Tokenizer.open(policy.path());
        return new RewardJudge(
                choice.reward(),
                tokenizer,
                ChatTemplates.ofModel(policy.path(), ChatTemplates.DATA_CLOCK),
                policy.pairTokenizer(tokenizer),
                policy.scorer(session),
                reference.scorer(session));
    }

    @Override
    public Verdict judge(Comparison comparison) {
        if (comparison.isOfEqualAnswers()) {
            return Verdict.TIE; // the same numbers, but for the rounding of their places in a row
        }
        String prompt = comparison.prompt().forModel(template);
        List<TokenizedPair> pair = List.of(pairs.answers(prompt, comparison.a(), comparison.b(), 0));
        double margin = reward.margin(
                policy.tokenLogps(pair).get(0), reference.tokenLogps(pair).get(0));
        if (margin == 0) {
            return Verdict.TIE;
        }
        return margin > 0 ? Verdict.A : Verdict.B;
    }

    @Override
    public Ruling inBothOrders(Comparison comparison) {
        Verdict verdict = judge(comparison);
        return new Ruling(verdict, verdict);
    }

    @Override
    public void close() {
        try (tokenizer;
                policy;
                reference) {
            return;
        }
    }
}
