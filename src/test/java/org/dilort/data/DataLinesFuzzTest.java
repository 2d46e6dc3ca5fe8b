package org.dilort.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.dilort.error.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged rows of every shape become pairs, or one refusal that names their line; no other exception ever comes out, and
 * nothing is left in memory. {@code -Ddil.fuzz=20000} sets the number of rows, {@code -Ddil.seed} the seed.
 */
class DataLinesFuzzTest {
    private static final long SEED = Long.getLong("dil.seed", 20261127L);
    private static final int ROWS = Integer.getInteger("dil.fuzz", 4000);
    private static final long MOST_GROWTH = 32L << 20;
    private static final List<String> GOOD = List.of(
            "{'prompt': '2+2=', 'chosen': '4 \\u00e9\\ud83d\\ude00', 'rejected': 'five', 'score': 0.5}",
            "{'prompt': [{'role': 'user', 'content': 'q'}], 'chosen': [{'role': 'assistant', 'content': 'a'}],"
                    + " 'rejected': [{'role': 'assistant', 'content': 'b'}]}",
            "{'system': 's', 'chosen': [{'role': 'user', 'content': 'q'}, {'role': 'assistant', 'content': 'a'}],"
                    + " 'rejected': [{'role': 'user', 'content': 'q'}, {'role': 'assistant', 'content': 'b'}],"
                    + " 'tools': [{'name': 'f'}], 'chat_template_kwargs': {'x': 1}}",
            "{'prompt_ids': [1, 5], 'chosen_ids': [7, 2], 'rejected_ids': [8]}",
            "{'chosen': '\\n\\nHuman: q\\n\\nAssistant: a', 'rejected': '\\n\\nHuman: q\\n\\nAssistant: b'}",
            "{'info': {'subreddit': 's', 'title': 't', 'post': 'p'}, 'summaries': [{'text': 'a'}, {'text': 'b'}],"
                    + " 'choice': 0}",
            "{'prompt': 'q', 'completions': ['a', 'b', 'c'], 'scores': [3, 1, 2]}",
            "{'prompt': 'q', 'completion': 'a', 'label': true}");
    private static final List<String> PIECES = List.of(
            "'",
            "\\",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            " ",
            "null",
            "true",
            "0",
            "-1",
            "1e999",
            "99999999999999999999",
            "\\ud800",
            "\\u0000",
            "'prompt'",
            "'chosen'",
            "'rejected'",
            "'role'",
            "'content'",
            "'tools'",
            "'system'",
            "Human:",
            "\\n\\nAssistant:",
            "[[[[[[[[[[[[[[[[[[[[[[[[[",
            "{'a':{'a':{'a':{'a':",
            "'assistant'",
            "1.5");

    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void damageIsToldWithItsLine() throws IOException {
        Path file = folder.resolve("pairs.jsonl");
        String noPairs = "[" + file + "]: no pairs";
        int refused = 0;
        long before = 0;
        for (int row = 0; row < ROWS; row++) {
            if (row == ROWS / 4) {
                before = used();
            }
            Files.write(file, damaged(new SplittableRandom(SEED + row)));
            try {
                load(file);
            } catch (DataException e) {
                refused++;
                assertThat(e.getMessage())
                        .as("seed %d", SEED + row)
                        .hasLineCount(1)
                        .matches(message -> message.startsWith(file + ":1") || message.startsWith(noPairs));
            }
        }
        assertThat(refused).isBetween(ROWS / 4, ROWS);
        assertThat(used() - before).isLessThan(MOST_GROWTH);
    }

    private static void load(Path file) {
        PairTokenizer tokenizer = PairTokenizer.of(
                FakeTokenizer.withBosAndEos(),
                new FakeTemplate("", "<%s>%s|", "<assistant>", ""),
                FakeTokenizer.VOCABULARY,
                new TokenLimits(64, TokenLimits.NO_LIMIT, Truncation.PROMPT_LEFT),
                Preset.DEFAULT);
        new PairLoader(tokenizer, new ExampleReader(RejectedUse.REQUIRED), 1).load(List.of(file));
    }

    private static byte[] damaged(SplittableRandom random) {
        StringBuilder line =
                new StringBuilder(GOOD.get(random.nextInt(GOOD.size())).replace('\'', '"'));
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(line.length() + 1);
            String piece = PIECES.get(random.nextInt(PIECES.size())).replace('\'', '"');
            switch (random.nextInt(5)) {
                case 0 -> line.insert(at, piece);
                case 1 -> line.replace(at, Math.min(line.length(), at + 1 + random.nextInt(6)), piece);
                case 2 -> line.delete(at, Math.min(line.length(), at + 1 + random.nextInt(12)));
                case 3 -> line.setLength(Math.max(1, at));
                default -> line.insert(at, line.substring(random.nextInt(at + 1), at));
            }
        }
        byte[] bytes = line.toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0 && random.nextInt(8) == 0) {
            int at = random.nextInt(bytes.length);
            bytes[at] = (byte) random.nextInt(256);
            bytes[at] = bytes[at] == '\n' ? (byte) 0xff : bytes[at];
        }
        return bytes;
    }

    private static long used() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
