package org.dilort.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PairViewTest {

    @TempDir
    private Path folder;

    @Test
    void tellsTrunkLeadsAndScoredTokensApart() {
        TokenizedPair pair = new TokenizedPair(
                0, new int[] {'q', '\n'}, new int[0], new int[] {256, 'b'}, new int[] {'x'}, new int[] {'c'});

        assertThat(new PairView(FakeTokenizer.withBosAndEos("an")).lines(pair))
                .containsExactly(
                        "  trunk         2 tokens  q|\\n",
                        "  chosen        2 scored  [an][b]",
                        "  rejected      1 scored  x [c]");
    }

    @Test
    void joinsTheTokensOfOneCharacter() {
        try (Tokenizer tokenizer = Tokenizer.open(Path.of("src/test/resources/data/tokenizer-bytes"))) {
            int[] emoji = tokenizer.encode("😀!");
            List<String> lines = new PairView(tokenizer).lines(new TokenizedPair(0, emoji, emoji, new int[0]));

            assertThat(lines).containsExactly("  trunk         5 tokens  😀|!", "  chosen        5 scored  [😀][!]");
        }
    }

    @Test
    void shortensLongStretches() {
        int[] many = new int[200];
        Arrays.fill(many, 'a');

        assertThat(new PairView(FakeTokenizer.withBosAndEos()).lines(new TokenizedPair(0, many, many, many)))
                .allSatisfy(
                        line -> assertThat(line).contains("... 120 more ...").hasSizeLessThan(400));
    }

    @Test
    void showsIdsWithoutATokenizer() {
        assertThat(new PairView(Tokenizer.open(folder))
                        .lines(new TokenizedPair(0, new int[] {5, 6}, new int[] {7}, new int[] {8})))
                .containsExactly(
                        "  trunk         2 tokens  5|6",
                        "  chosen        1 scored  [7]",
                        "  rejected      1 scored  [8]");
    }

    @Test
    void showsLengthsAsQuantilesAndBars() {
        List<TokenizedPair> pairs = List.of(pair(1, 1), pair(1, 2), pair(2, 2), pair(3, 30));

        assertThat(LengthTable.lines(pairs))
                .containsExactly(
                        "tokens        least     25 %   median     75 %     95 %     most",
                        "prompt           1        1        2        2        3        3",
                        "chosen           1        2        2        2       30       30",
                        "rejected         1        1        1        1        1        1",
                        "sequence         2        3        4        4       33       33",
                        "longer sequence of each pair, prompt and response:",
                        "       2 to       4         3 ########################################",
                        "       5 to       7         0",
                        "       8 to      10         0",
                        "      11 to      13         0",
                        "      14 to      16         0",
                        "      17 to      19         0",
                        "      20 to      22         0",
                        "      23 to      25         0",
                        "      26 to      28         0",
                        "      29 to      31         0",
                        "      32 to      34         1 ##############");
    }

    private static TokenizedPair pair(int prompt, int chosen) {
        return new TokenizedPair(0, new int[prompt], new int[chosen], new int[1]);
    }
}
