package org.dilort.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.dilort.error.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsBrokenTest {
    private static final String TENSOR = "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";
    private static final byte[] GOOD = SafetensorsBytes.of(
            "{\"__metadata__\":{\"format\":\"pt\"}," + TENSOR + ",\"b\":{\"dtype\":\"BF16\",\"shape\":[1,2],"
                    + "\"data_offsets\":[8,12]}}",
            new byte[12]);

    @TempDir
    private Path folder;

    private void assertRefused(byte[] content, String expected) {
        Path path = SafetensorsBytes.write(folder.resolve("model.safetensors"), content);
        assertThatThrownBy(() -> SafetensorsFile.open(path).close())
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(expected)
                .hasMessageContaining(path.toString())
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(1_000));
    }

    @ParameterizedTest(name = "{index}: {0}")
    @MethodSource("brokenHeaders")
    void refusesHeaders(String header, int dataBytes, String expected) {
        assertRefused(SafetensorsBytes.of(header, new byte[dataBytes]), expected);
    }

    private static Stream<Arguments> brokenHeaders() {
        return Stream.of(
                arguments("", 0, "the header does not begin with '{'"),
                arguments(" {}", 0, "the header does not begin with '{'"),
                arguments("[]", 0, "the header does not begin with '{'"),
                arguments("{", 0, "the header is not valid JSON"),
                arguments("{}{}", 0, "goes on after its JSON object"),
                arguments("{" + TENSOR + "," + TENSOR + "}", 8, "Duplicate field 'a'"),
                arguments("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", 0, "Duplicate field 'k'"),
                arguments("{\"__metadata__\":{\"k\":1}}", 0, "__metadata__.k: got 1, expected a string"),
                arguments("{\"__metadata__\":[]}", 0, "__metadata__: got [, expected an object"),
                arguments("{\"a\\nb\":7}", 0, "a\\u000ab: got 7, expected an object"),
                arguments("{\"a\":{}}", 0, "a: no shape"),
                arguments(entry("\"shape\":[2],\"data_offsets\":[0,8]"), 8, "a: no dtype"),
                arguments(entry("\"dtype\":\"F32\",\"shape\":[2]"), 8, "a: data_offsets [], expected [begin, end]"),
                arguments(entry("\"dtype\":\"F33\",\"shape\":[2],\"data_offsets\":[0,8]"), 8, "a: unknown dtype F33"),
                arguments(
                        entry("\"dtype\":1,\"shape\":[2],\"data_offsets\":[0,8]"),
                        8,
                        "a.dtype: got 1, expected a string"),
                arguments(shape("[-1]"), 8, "a.shape: got -1, expected integers of 0 or more"),
                arguments(shape("[2.0]"), 8, "a.shape: got 2.0, expected integers"),
                arguments(shape("[null]"), 8, "a.shape: got null, expected integers"),
                arguments(shape("[[2]]"), 8, "a.shape: got [, expected integers"),
                arguments(shape("2"), 8, "a.shape: got 2, expected an array"),
                arguments(shape("[9223372036854775808]"), 8, "out of range of long"),
                arguments(shape("[4294967296,4294967296]"), 8, "is impossible for F32"),
                arguments(shape("[4611686018427387904]"), 8, "is impossible for F32"),
                arguments(shape("[3]"), 8, "a: 8 bytes of data, expected 12 for F32 [3]"),
                arguments(shape("[" + "1,".repeat(64) + "2]"), 8, "a.shape: more than 64 numbers"),
                arguments(offsets("[8,0]"), 8, "a: data_offsets [8, 0], expected [begin, end]"),
                arguments(offsets("[0,8,16]"), 8, "a: data_offsets [0, 8, 16], expected [begin, end]"),
                arguments(offsets("[1,9]"), 9, "a: data begins at 1, expected 0"),
                arguments(
                        offsets("[9223372036854775799,9223372036854775807]"),
                        8,
                        "a: data begins at 9223372036854775799"),
                arguments(two(4), 12, "b: data begins at 4, expected 8"),
                arguments(two(12), 20, "b: data begins at 12, expected 8"),
                arguments("{" + TENSOR + "}", 7, "7 bytes of data, expected 8; the file is truncated"),
                arguments("{" + TENSOR + "}", 9, "9 bytes of data, expected 8; the rest belongs to no tensor"),
                arguments("{}", 1, "1 bytes of data, expected 0; the rest belongs to no tensor"),
                arguments("{\"a\":" + "[".repeat(2_000) + "]".repeat(2_000) + "}", 0, "a: got [, expected an object"),
                arguments(entry("\"x\":" + "[".repeat(2_000) + "]".repeat(2_000)), 0, "the header is not valid JSON"));
    }

    private static String entry(String fields) {
        return "{\"a\":{" + fields + "}}";
    }

    private static String shape(String shape) {
        return entry("\"dtype\":\"F32\",\"shape\":" + shape + ",\"data_offsets\":[0,8]");
    }

    private static String offsets(String offsets) {
        return entry("\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":" + offsets);
    }

    private static String two(int begin) {
        return "{%s,\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[%d,%d]}}"
                .formatted(TENSOR, begin, begin + 8);
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        assertRefused(
                SafetensorsBytes.of(new byte[] {'{', '"', (byte) 0xff, '"', '}'}), "the header is not valid UTF-8");
        assertRefused(
                SafetensorsBytes.of(new byte[] {'{', '"', (byte) 0xc0, (byte) 0x80, '"', '}'}),
                "the header is not valid UTF-8");
    }

    @Test
    void refusesHeaderLengthsBeforeItAllocates() {
        assertRefused(length(99_000_000), "header length 99000000, but only 2 bytes follow; the file is truncated");
        assertRefused(length(100_000_001), "header length 100000001, expected at most 100000000");
        assertRefused(length(Long.MAX_VALUE), "header length 9223372036854775807, expected at most");
        assertRefused(length(-1), "header length 18446744073709551615, expected at most");
    }

    private static byte[] length(long length) {
        return ByteBuffer.allocate(10)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(new byte[] {'{', '}'})
                .array();
    }

    @Test
    void refusesEveryTruncation() {
        for (int length = 0; length < GOOD.length; length++) {
            assertRefused(Arrays.copyOf(GOOD, length), length < 8 ? "expected a safetensors file" : "truncated");
        }
    }

    @Test
    void everyFlippedBitIsReadOrRefused() {
        Path path = folder.resolve("model.safetensors");
        int refused = 0;
        for (int bit = 0; bit < 8 * (GOOD.length - 12); bit += 3) {
            byte[] damaged = GOOD.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            SafetensorsBytes.write(path, damaged);
            try (SafetensorsFile file = SafetensorsFile.open(path)) {
                file.names().forEach(file::map);
            } catch (FormatException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(GOOD.length / 2);
    }

    @Test
    void refusesWhatIsNoFile() {
        Path missing = folder.resolve("missing.safetensors");
        assertThatThrownBy(() -> SafetensorsFile.open(missing))
                .isInstanceOf(FormatException.class)
                .hasMessage("no such file: " + missing);
        assertThatThrownBy(() -> SafetensorsFile.open(folder))
                .isInstanceOf(FormatException.class)
                .hasMessage("not a file: " + folder);
    }
}
