package org.dilort.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.dilort.error.DataException;
import org.dilort.error.FormatException;
import org.dilort.error.UserException;
import org.dilort.files.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferenceFileTest {
    private static final int[] WIDTHS = {2, 5, 3, 2};
    private static final CacheKey KEY = key(Map.of("model", "a", "tokens", "b"));

    @TempDir
    private Path temp;

    private static CacheKey key(Map<String, String> parts) {
        TreeMap<String, String> hashes = new TreeMap<>();
        parts.forEach((name, text) -> hashes.put(name, Sha256.of(text.getBytes(StandardCharsets.UTF_8))));
        return new CacheKey(hashes);
    }

    /** Pair p has the values -10 p, -10 p - 1, ... */
    private static float[] values(int pair) {
        float[] values = new float[WIDTHS[pair]];
        for (int i = 0; i < values.length; i++) {
            values[i] = -10 * pair - i;
        }
        return values;
    }

    private Path part(String name, CacheKey key, int... pairs) {
        Path folder = temp.resolve(name);
        try (ReferenceCache cache = ReferenceCache.open(folder, key, WIDTHS, warning -> {})) {
            for (int pair : pairs) {
                cache.put(new int[] {pair}, values(pair));
            }
        }
        return folder.resolve(key.digest() + ".reference");
    }

    @Test
    void readsWithoutTheData() {
        ReferenceFile file = ReferenceFile.read(part("a", KEY, 2, 1));

        assertThat(file.key()).isEqualTo(KEY);
        assertThat(file.pairs()).isEqualTo(4);
        assertThat(file.complete()).isFalse();
        assertThat(file.damagedBytes()).isZero();
        assertThat(file.values()).containsOnlyKeys(1, 2);
        assertThat(file.values().get(1)).containsExactly(-10, -11, -12, -13, -14);
        assertThat(file.values().get(2)).containsExactly(-20, -21, -22);
    }

    @Test
    void partsBecomeTheFileThatARunLooksFor() {
        Path a = part("a", KEY, 3, 0);
        Path b = part("b", KEY, 1, 0);
        Path c = part("c", KEY, 2);

        ReferenceFile merged = ReferenceFile.merge(List.of(a, b, c), temp.resolve("all"));

        assertThat(merged.complete()).isTrue();
        try (ReferenceCache cache = ReferenceCache.open(temp.resolve("all"), KEY, WIDTHS, warning -> {
            throw new AssertionError(warning);
        })) {
            assertThat(cache.complete()).isTrue();
            assertThat(cache.get()).containsExactly(0, -1, -10, -11, -12, -13, -14, -20, -21, -22, -30, -31);
        }
        assertThat(ReferenceFile.read(merged.path()).values()).hasSize(4);
    }

    @Test
    void aMergeOfSomeIsGoneOnWith() {
        ReferenceFile.merge(List.of(part("a", KEY, 3)), temp.resolve("all"));
        try (ReferenceCache cache = ReferenceCache.open(temp.resolve("all"), KEY, WIDTHS, warning -> {})) {
            assertThat(cache.missing()).containsExactly(0, 1, 2);
        }
    }

    @Test
    void refusesPartsOfDifferentThings() throws IOException {
        Path a = part("a", KEY, 0);
        Path other = part("b", key(Map.of("model", "c", "tokens", "b")), 1);
        assertThatThrownBy(() -> ReferenceFile.merge(List.of(a, other), temp))
                .isInstanceOf(DataException.class)
                .hasMessage(other + ": model differs from that of " + a + "; expected the same");
        Path more = part("c", key(Map.of("model", "a", "tokens", "b", "values", "v")), 1);
        assertThatThrownBy(() -> ReferenceFile.merge(List.of(a, more), temp))
                .hasMessageStartingWith(more + ": values differs from that of ");
        Path changed = temp.resolve("d").resolve(a.getFileName());
        try (ReferenceCache cache = ReferenceCache.open(temp.resolve("d"), KEY, WIDTHS, warning -> {})) {
            cache.put(new int[] {0}, new float[] {-1, -2});
        }
        assertThatThrownBy(() -> ReferenceFile.merge(List.of(a, changed), temp))
                .hasMessage(changed + ": pair 0 has log-probabilities -1.0 and -2.0, but another part 0.0 and -1.0;"
                        + " expected parts that were computed alike");
        assertThatThrownBy(() -> ReferenceFile.merge(List.of(), temp)).isInstanceOf(DataException.class);
    }

    @Test
    void refusesWhatIsNoSuchFile() throws IOException {
        Path file = temp.resolve("x");
        assertThatThrownBy(() -> ReferenceFile.read(file)).hasMessage(file + ": no such file");
        Files.writeString(file, "something else that is long enough");
        assertThatThrownBy(() -> ReferenceFile.read(file))
                .isInstanceOf(FormatException.class)
                .hasMessage(file + ": no file of reference log-probabilities");
    }

    /** What a killed run leaves, or a bad disk: values that are good, and how many bytes are not. */
    @Test
    void damageCostsValuesAndNothingElse() throws IOException {
        Path file = part("a", KEY, 0, 1, 2, 3);
        byte[] good = Files.readAllBytes(file);
        long seed = 9;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 500; i++) {
            byte[] bad = i % 2 == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            if (i % 2 == 1) {
                bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(file, bad);
            try {
                ReferenceFile.read(file)
                        .values()
                        .forEach((pair, values) ->
                                assertThat(values).as("seed %d", seed).isEqualTo(values(pair)));
            } catch (UserException e) {
                assertThat(e.getMessage()).as("case %d, seed %d", i, seed).startsWith(file + ": ");
            }
        }
    }
}
