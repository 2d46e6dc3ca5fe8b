package org.dilort.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dilort.data.Message;
import org.dilort.data.PairTokenizer;
import org.dilort.data.Prompt;
import org.dilort.data.TokenizedPair;
import org.dilort.data.Tokenizer;
import org.dilort.eval.ModelFolder;
import org.dilort.eval.PairScore;
import org.dilort.eval.Reward;
import org.dilort.eval.SequenceScorer;
import org.dilort.export.TestModels;
import org.dilort.heads.Heads;
import org.dilort.input.SourceLine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RewardJudgeTest {
    private static final Reward REWARD = Reward.of(Heads.named("dpo"));
    private static final SourceLine LINE = new SourceLine(Path.of("p"), 1);

    @TempDir
    private Path temp;

    private Path policy;
    private Path reference;

    @BeforeEach
    void write() {
        policy = model("policy", 3);
        reference = model("reference", 4);
    }

    private Path model(String name, long seed) {
        Path folder = TestModels.random(
                temp.resolve(name),
                seed,
                config -> config.put("vocab_size", 280).put("tie_word_embeddings", false));
        TestModels.addTokenizer("tokenizer-bytes", folder);
        return folder;
    }

    private Judge open(Path other) {
        return Judge.open(new JudgeChoice.Model(policy, other, REWARD), TestModels.ONE_THREAD);
    }

    private static Comparison comparison(String a, String b) {
        return new Comparison(new Prompt(LINE, "2+2=", List.of()), a, b);
    }

    private static double ratio(Path folder, TokenizedPair pair) {
        try (SequenceScorer scorer = ModelFolder.open(folder).scorer(TestModels.ONE_THREAD)) {
            PairScore score = scorer.score(List.of(pair)).get(0);
            return score.chosenLogp() - score.rejectedLogp();
        }
    }

    @Test
    void theGreaterLogRatioIsBetter() {
        try (Judge judge = open(reference);
                Tokenizer tokenizer = Tokenizer.open(policy)) {
            PairTokenizer pairs = ModelFolder.open(policy).pairTokenizer(tokenizer);
            for (String b : List.of("5", "seven", "44", "no")) {
                TokenizedPair pair = pairs.answers("2+2=", "4", b, 0);
                Verdict expected = ratio(policy, pair) > ratio(reference, pair) ? Verdict.A : Verdict.B;

                assertThat(judge.judge(comparison("4", b))).isEqualTo(expected);
                assertThat(judge.judge(comparison(b, "4"))).isEqualTo(expected.swapped());
                assertThat(judge.inBothOrders(comparison("4", b))).isEqualTo(new Ruling(expected, expected));
            }
        }
    }

    @Test
    void aModelFindsNoDifferenceToItself() {
        try (Judge judge = open(policy)) {
            assertThat(judge.judge(comparison("4", "five"))).isEqualTo(Verdict.TIE);
        }
    }

    @Test
    void anEmptyAnswerIsAnEndOfSequence() {
        try (Judge judge = open(reference);
                Tokenizer tokenizer = Tokenizer.open(policy)) {
            TokenizedPair pair =
                    ModelFolder.open(policy).pairTokenizer(tokenizer).answers("2+2=", "", "x", 0);

            assertThat(pair.chosen()).containsExactly(2);
            assertThat(pair.rejected()).hasSize(2).endsWith(2);
            assertThat(judge.judge(comparison("", ""))).isEqualTo(Verdict.TIE);
            assertThat(judge.judge(comparison("", "x"))).isNotEqualTo(Verdict.TIE);
        }
    }

    @Test
    void conversationsGoThroughTheTemplate() throws IOException {
        Files.writeString(
                policy.resolve("chat_template.jinja"), "{% for m in messages %}{{ m.content }}{% endfor %}2=");
        Prompt turns = new Prompt(LINE, "", List.of(new Message("user", "2+")));

        try (Judge judge = open(reference)) {
            assertThat(judge.judge(new Comparison(turns, "4", "five"))).isEqualTo(judge.judge(comparison("4", "five")));
        }
    }
}
