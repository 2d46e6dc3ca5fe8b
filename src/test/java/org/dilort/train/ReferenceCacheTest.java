package org.dilort.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.dilort.error.ConfigException;
import org.dilort.files.Sha256;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferenceCacheTest {
    private static final int PAIRS = 5;
    private static final float[] ALL = {-1, -2, -3, -4, -5, -6, -7, -8, -9, -10};
    private static final CacheKey KEY = key("model");

    @TempDir
    private Path temporary;

    private final List<String> warnings = new ArrayList<>();
    private Path folder;
    private Path file;

    @BeforeEach
    void nameFile() {
        folder = temporary.resolve("cache");
        file = folder.resolve(KEY.digest() + ".reference");
    }

    @Test
    void startsWithEveryPairMissing() {
        try (ReferenceCache cache = open()) {
            assertThat(cache.complete()).isFalse();
            assertThat(cache.missing()).containsExactly(0, 1, 2, 3, 4);
            assertThatIllegalStateException().isThrownBy(cache::get).withMessage(file + ": 0 pairs, expected 5");
        }
        assertThat(warnings).isEmpty();
    }

    @Test
    void findsWhatWasPut() {
        fill();
        try (ReferenceCache cache = open()) {
            assertThat(cache.complete()).isTrue();
            assertThat(cache.missing()).isEmpty();
            assertThat(cache.get()).isEqualTo(ALL);
        }
        assertThat(warnings).isEmpty();
    }

    @Test
    void goesOnAfterAPassThatWasCut() {
        try (ReferenceCache cache = open()) {
            cache.put(new int[] {3, 0}, new float[] {-7, -8, -1, -2});
            cache.put(new int[0], new float[0]);
        }
        try (ReferenceCache cache = open()) {
            assertThat(cache.missing()).containsExactly(1, 2, 4);
            cache.put(new int[] {4, 1, 2}, new float[] {-9, -10, -3, -4, -5, -6});
            assertThat(cache.get()).isEqualTo(ALL);
        }
        try (ReferenceCache cache = open()) {
            assertThat(cache.get()).isEqualTo(ALL);
        }
        assertThat(warnings).isEmpty();
    }

    @Test
    void letsTheFileGoWhenComplete() {
        try (ReferenceCache first = open()) {
            assertThatExceptionOfType(OverlappingFileLockException.class).isThrownBy(this::open);
            first.put(new int[] {0, 1, 2, 3, 4}, ALL);
            try (ReferenceCache second = open()) {
                assertThat(second.get()).isEqualTo(ALL);
            }
        }
    }

    @Test
    void keepsKeysApart() {
        fill();
        try (ReferenceCache other = ReferenceCache.open(folder, key("another model"), PAIRS, warnings::add)) {
            assertThat(other.missing()).hasSize(PAIRS);
        }
        assertThat(warnings).isEmpty();
    }

    // magic, version 2, 2 pairs, a key of 71 bytes; a chunk of pair 1, 2 values, with -1 (bf800000) and -2 (c0000000).
    @Test
    void hasTheDocumentedFormat() throws IOException {
        String hash = Sha256.of("model".getBytes(StandardCharsets.UTF_8));
        try (ReferenceCache cache = ReferenceCache.open(folder, KEY, 2, warnings::add)) {
            cache.put(new int[] {1}, new float[] {-1, -2});
        }
        ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file));
        byte[] text = new byte[8 + 12 + 71];
        content.get(text);
        assertThat(new String(text, StandardCharsets.UTF_8))
                .isEqualTo("DILREFLP\0\0\0\2\0\0\0\2\0\0\0\107model=" + hash + "\n");
        assertThat(content.remaining()).isEqualTo(24);
        assertThat(content.getInt()).isEqualTo(1);
        assertThat(content.getInt()).isEqualTo(1);
        assertThat(content.getInt()).isEqualTo(2);
        assertThat(content.getInt()).isEqualTo(0xbf800000);
        assertThat(content.getInt()).isEqualTo(0xc0000000);
    }

    @Test
    void computesAgainWhatATruncatedFileLost() throws IOException {
        fill();
        byte[] good = Files.readAllBytes(file);
        for (int size = 1; size < good.length; size++) {
            Files.write(file, Arrays.copyOf(good, size));
            assertRepaired("cut to " + size);
            warnings.clear();
            try (ReferenceCache cache = open()) {
                assertThat(cache.get()).as("cut to %d", size).isEqualTo(ALL);
            }
            assertThat(warnings).as("cut to %d", size).isEmpty();
        }
    }

    @Test
    void neverGivesADamagedValue() throws IOException {
        fill();
        byte[] good = Files.readAllBytes(file);
        long seed = 5;
        SplittableRandom random = new SplittableRandom(seed);
        for (int trial = 0; trial < 100; trial++) {
            byte[] bad = good.clone();
            int at = random.nextInt(bad.length);
            bad[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, bad);
            warnings.clear();
            assertRepaired("seed " + seed + ", trial " + trial + ", byte " + at);
            assertThat(warnings)
                    .as("seed %d, trial %d, byte %d", seed, trial, at)
                    .hasSize(1);
        }
    }

    @Test
    void saysHowMuchOfADamagedFileIsLeft() throws IOException {
        fill();
        byte[] bad = Files.readAllBytes(file);
        bad[bad.length - 1] ^= 1;
        Files.write(file, bad);
        open().close();
        assertThat(warnings)
                .containsExactly(file + ": damaged or cut after 2 of 5 pairs; the others are computed again");
    }

    @Test
    void ignoresAFileOfAnotherNumberOfPairs() {
        fill();
        try (ReferenceCache cache = ReferenceCache.open(folder, KEY, PAIRS + 1, warnings::add)) {
            assertThat(cache.missing()).hasSize(PAIRS + 1);
        }
        assertThat(warnings).hasSize(1);
    }

    @Test
    void ignoresAFileThatIsLongerThanItCanBe() throws IOException {
        fill();
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 1 << 20));
        assertRepaired("too long");
    }

    @Test
    void ignoresChunksThatNameAPairTwiceOrBeyondTheLast() throws IOException {
        for (int pair : new int[] {-1, 0, PAIRS}) {
            try (ReferenceCache cache = open()) {
                cache.put(new int[] {0}, new float[] {-1, -2});
            }
            Files.write(file, chunk(pair), StandardOpenOption.APPEND);
            try (ReferenceCache cache = open()) {
                assertThat(cache.missing()).as("pair %d", pair).containsExactly(1, 2, 3, 4);
                cache.put(new int[] {1, 2, 3, 4}, Arrays.copyOfRange(ALL, 2, 10));
                assertThat(cache.get()).isEqualTo(ALL);
            }
            Files.delete(file);
        }
        assertThat(warnings).hasSize(3);
    }

    /** One pair with -99 twice, as the format has it: count, pair, how many, two values, CRC-32 of these. */
    private static byte[] chunk(int pair) {
        ByteBuffer chunk = ByteBuffer.allocate(24)
                .putInt(1)
                .putInt(pair)
                .putInt(2)
                .putFloat(-99)
                .putFloat(-99);
        CRC32 crc = new CRC32();
        crc.update(chunk.array(), 0, 20);
        return chunk.putInt((int) crc.getValue()).array();
    }

    /** Three pairs of 3, 2 and 5 values. */
    @Test
    void keepsPairsOfDifferentWidth() {
        int[] widths = {3, 2, 5};
        try (ReferenceCache cache = ReferenceCache.open(folder, KEY, widths, warnings::add)) {
            cache.put(new int[] {2, 0}, new float[] {-5, -6, -7, -8, -9, -1, -2, -3});
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> cache.put(new int[] {1}, new float[3]))
                    .withMessage("3 values, expected 2");
        }
        try (ReferenceCache cache = ReferenceCache.open(folder, KEY, widths, warnings::add)) {
            assertThat(cache.missing()).containsExactly(1);
            cache.put(new int[] {1}, new float[] {-4, -4.5f});
            assertThat(cache.get()).containsExactly(-1, -2, -3, -4, -4.5f, -5, -6, -7, -8, -9);
        }
        assertThat(warnings).isEmpty();
    }

    @Test
    void refusesValuesThatAreNotFiniteAndAddsNone() {
        try (ReferenceCache cache = open()) {
            assertThatExceptionOfType(RunFailedException.class)
                    .isThrownBy(() -> cache.put(new int[] {1, 2}, new float[] {-1, -2, -3, Float.NaN}))
                    .withMessage("pair 2: reference log-probabilities -3.0 and NaN, expected finite numbers");
            assertThat(cache.missing()).hasSize(PAIRS);
        }
        try (ReferenceCache cache = open()) {
            assertThat(cache.missing()).hasSize(PAIRS);
        }
    }

    @Test
    void refusesPairsThatAreNotMissing() {
        try (ReferenceCache cache = open()) {
            cache.put(new int[] {1}, new float[] {-1, -2});
            for (int[] pairs : new int[][] {{1}, {-1}, {PAIRS}, {2, 2}}) {
                assertThatIllegalArgumentException()
                        .as(Arrays.toString(pairs))
                        .isThrownBy(() -> cache.put(pairs, new float[2 * pairs.length]))
                        .withMessageEndingWith("expected one of 0 to 4 that is missing");
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> cache.put(new int[] {2}, new float[1]))
                    .withMessage("1 values, expected 2");
        }
    }

    @Test
    void saysWhenTheFolderCannotBeUsed() throws IOException {
        Files.writeString(folder, "a file");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(this::open)
                .withMessageStartingWith("reference.cache: " + file + ": not usable: ");
    }

    @Test
    void refusesKeysThatAreNotHashes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CacheKey(new TreeMap<>()))
                .withMessage("cache key without parts, expected one or more");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CacheKey(new TreeMap<>(Map.of("model", "abc"))))
                .withMessage("cache key: model=abc, expected a lower-case name and 64 hexadecimal digits");
        String hash = Sha256.of(new byte[0]);
        assertThatIllegalArgumentException().isThrownBy(() -> new CacheKey(new TreeMap<>(Map.of("a=b\n", hash))));
    }

    @Test
    void dependsOnNamesAndHashesOfAKey() {
        String hash = Sha256.of(new byte[0]);
        String other = Sha256.of(new byte[1]);
        assertThat(List.of(
                        digest(Map.of("model", hash)),
                        digest(Map.of("data", hash)),
                        digest(Map.of("model", other)),
                        digest(Map.of("model", hash, "data", hash))))
                .doesNotHaveDuplicates();
        assertThat(hash).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    private void assertRepaired(String what) {
        try (ReferenceCache cache = open()) {
            int[] missing = cache.missing();
            assertThat(missing).as(what).isNotEmpty();
            float[] values = new float[2 * missing.length];
            for (int i = 0; i < missing.length; i++) {
                System.arraycopy(ALL, 2 * missing[i], values, 2 * i, 2);
            }
            cache.put(missing, values);
            assertThat(cache.get()).as(what).isEqualTo(ALL);
        }
    }

    private void fill() {
        try (ReferenceCache cache = open()) {
            cache.put(new int[] {0, 1}, Arrays.copyOf(ALL, 4));
            cache.put(new int[] {2, 3, 4}, Arrays.copyOfRange(ALL, 4, 10));
        }
    }

    private ReferenceCache open() {
        return ReferenceCache.open(folder, KEY, PAIRS, warnings::add);
    }

    private static CacheKey key(String content) {
        return new CacheKey(new TreeMap<>(Map.of("model", Sha256.of(content.getBytes(StandardCharsets.UTF_8)))));
    }

    private static String digest(Map<String, String> hashes) {
        return new CacheKey(new TreeMap<>(hashes)).digest();
    }
}
