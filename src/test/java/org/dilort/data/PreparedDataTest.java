package org.dilort.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.dilort.input.SourceLine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparedDataTest {
    private static final String KEY = "0123456789abcdef".repeat(4);
    private static final long SEED = Long.getLong("dil.seed", 20261127L);

    @TempDir
    private Path folder;

    private final List<String> warnings = new ArrayList<>();

    private PreparedData cache() {
        return new PreparedData(folder.resolve("cache"), warnings::add);
    }

    private static SplitDataset data(int pairs) {
        SplittableRandom random = new SplittableRandom(SEED);
        List<TokenizedPair> train = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            train.add(new TokenizedPair(
                    (1L << 33) + i, ids(random, 5), ids(random, 2), ids(random, 9), ids(random, 2), ids(random, 9)));
        }
        Path file = Path.of("data/a b.jsonl");
        Map<FindingKind, Findings.Entry> entries = new EnumMap<>(FindingKind.class);
        Finding finding = new Finding(FindingKind.PROMPT_CUT, new SourceLine(file, 7, 3), "two tokens");
        entries.put(FindingKind.PROMPT_CUT, new Findings.Entry(41, List.of(finding)));
        PairDataset set = new PairDataset(
                train,
                List.of(new FileReport(file, "JSON lines, gzip", Map.of("strings with a prompt", 12L))),
                new DataReport(12, 11, 1, 41, 2, 3, 4, 5, 6),
                new Findings(entries, 12));
        PairDataset heldOut = new PairDataset(
                List.of(new TokenizedPair(0, new int[] {1}, new int[] {70_000}, new int[0])),
                List.of(),
                new DataReport(1, 1, 0, 0, 0, 0, 0, 2, 2),
                new Findings(Map.of(), 1));
        return new SplitDataset(set, heldOut, List.of(new HeldOutPart("a-b", 0, 1), new HeldOutPart("", 1, 9)));
    }

    /** One id at least. */
    private static int[] ids(SplittableRandom random, int most) {
        return random.ints(1 + random.nextInt(most), 0, 100_000).toArray();
    }

    private static void assertSame(SplitDataset actual, SplitDataset expected) {
        assertThat(actual.parts()).isEqualTo(expected.parts());
        for (boolean train : List.of(true, false)) {
            PairDataset a = train ? actual.train() : actual.heldOut();
            PairDataset b = train ? expected.train() : expected.heldOut();
            assertThat(a.files()).isEqualTo(b.files());
            assertThat(a.report()).isEqualTo(b.report());
            assertThat(a.findings()).isEqualTo(b.findings());
            assertThat(a.pairs()).hasSameSizeAs(b.pairs());
            for (int i = 0; i < b.pairs().size(); i++) {
                TokenizedPair found = a.pairs().get(i);
                assertThat(found.index()).isEqualTo(b.pairs().get(i).index());
                assertThat(Arrays.deepEquals(
                                found.parts().toArray(),
                                b.pairs().get(i).parts().toArray()))
                        .as("pair %d", i)
                        .isTrue();
            }
        }
    }

    @Test
    void comesBackAsItWas() {
        assertThat(cache().find(KEY)).isEmpty();
        cache().keep(KEY, data(50));

        assertSame(cache().find(KEY).orElseThrow(), data(50));
        assertThat(cache().find("f" + KEY.substring(1))).isEmpty();
        assertThat(warnings).isEmpty();
    }

    /** More than the buffer of 1 MiB. */
    @Test
    void bigDataComesBackAsItWas() throws IOException {
        cache().keep(KEY, data(30_000));

        assertThat(Files.size(cache().file(KEY))).isGreaterThan(2 << 20);
        assertSame(cache().find(KEY).orElseThrow(), data(30_000));
    }

    @Test
    void theSameDataGivesTheSameBytes() throws IOException {
        cache().keep(KEY, data(20));
        byte[] first = Files.readAllBytes(cache().file(KEY));
        cache().keep(KEY, data(20));
        assertThat(Files.readAllBytes(cache().file(KEY))).isEqualTo(first);
        try (var files = Files.list(folder.resolve("cache"))) {
            assertThat(files).containsExactly(cache().file(KEY));
        }
    }

    /** Cut anywhere, with any byte changed or with bytes behind it, a file is told as damaged and counts as missing. */
    @Test
    void damageIsFound() throws IOException {
        cache().keep(KEY, data(20));
        byte[] good = Files.readAllBytes(cache().file(KEY));
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 300; i++) {
            byte[] bad = switch (i % 3) {
                case 0 -> Arrays.copyOf(good, random.nextInt(good.length));
                case 1 -> Arrays.copyOf(good, good.length + 1 + random.nextInt(9));
                default -> changed(good, random);
            };
            Files.write(cache().file(KEY), bad);
            assertThat(cache().find(KEY)).as("case %d, seed %d", i, SEED).isEmpty();
        }
        assertThat(warnings).hasSize(300).allMatch(line -> line.startsWith(cache().file(KEY) + ": damaged ("));
    }

    private static byte[] changed(byte[] good, SplittableRandom random) {
        byte[] bad = good.clone();
        bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
        return bad;
    }

    @Test
    void aFolderThatCannotBeWrittenIsAWarning() throws IOException {
        Files.writeString(folder.resolve("cache"), "a file");
        cache().keep(KEY, data(1));
        assertThat(warnings).singleElement().asString().startsWith("data.cache: " + folder.resolve("cache") + ": ");
    }
}
