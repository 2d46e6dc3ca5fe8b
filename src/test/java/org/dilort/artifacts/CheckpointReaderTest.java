package org.dilort.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.flatbuffers.FlatBufferBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.dilort.error.FormatException;
import org.dilort.weights.FloatSource;
import org.dilort.weights.WeightType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files {@code ort-*} were saved by ONNX Runtime 1.28.0 after two (external) and one (inline) training steps. */
class CheckpointReaderTest {
    private static final float[] RAMP = {0, 0.5f, 1, 1.5f, 2, 2.5f, 3, 3.5f, 4, 4.5f, 5, 5.5f};

    @TempDir
    private Path folder;

    private Path resource(String name) throws IOException {
        try (InputStream in = CheckpointReaderTest.class.getResourceAsStream("/weights/" + name)) {
            Files.write(folder.resolve(name), in.readAllBytes());
        }
        return folder.resolve(name);
    }

    @Test
    void readsWhatOnnxRuntimeSavedWithExternalData() throws IOException {
        resource("ort-external.data");
        try (CheckpointReader reader = CheckpointReader.open(resource("ort-external"))) {
            assertThat(reader.names(CheckpointRole.TRAINABLE)).containsExactly("P");
            assertThat(reader.names(CheckpointRole.FROZEN)).containsExactly("W", "W.grad", "W.m", "s");
            assertThat(reader.info("W").shape()).containsExactly(4L, 3L);
            assertThat(reader.info("W").file()).isEqualTo(folder.resolve("ort-external.data"));
            assertThat(reader.toArray("W")).containsExactly(RAMP);
            assertThat(reader.toArray("P")).containsExactly(RAMP);
            assertThat(reader.toArray("W.grad")).startsWith(11, 22, 33).endsWith(121, 132);
            assertThat(reader.toArray("W.m")).containsOnly(0);
            assertThat(reader.info("s").shape()).isEmpty();
            assertThat(reader.toArray("s")).containsExactly(2);
        }
    }

    @Test
    void readsWhatOnnxRuntimeSavedInline() throws IOException {
        Path file = resource("ort-inline");
        try (CheckpointReader reader = CheckpointReader.open(file)) {
            assertThat(reader.names()).containsExactly("P", "W", "W.grad", "W.m", "s");
            assertThat(reader.info("W").file()).isEqualTo(file);
            assertThat(reader.toArray("W")).containsExactly(RAMP);
            assertThat(reader.toArray("W.grad")).startsWith(1, 2, 3).endsWith(11, 12);
            assertThat(reader.map("s").getFloat(0)).isEqualTo(3);
        }
    }

    @Test
    void refusesDataThatIsMissingOrTooShort() throws IOException {
        Path file = resource("ort-external");
        Path data = folder.resolve("ort-external.data");
        assertRefused(file, "no such file: " + data);
        Files.write(data, new byte[195]);
        assertRefused(file, "s: 4 bytes of data at 192, but the file ends at 195 (" + data + ")");
    }

    @Test
    void refusesEveryTruncation() throws IOException {
        byte[] good = Files.readAllBytes(resource("ort-external"));
        for (int length = 0; length < good.length - 4; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatThrownBy(() -> parse(cut)).as("%d bytes", length).isInstanceOf(FormatException.class);
        }
    }

    @Test
    void everyWrongByteIsReadOrRefused() throws IOException {
        for (String name : List.of("ort-external", "ort-inline")) {
            byte[] good = Files.readAllBytes(resource(name));
            int refused = 0;
            for (int i = 0; i < good.length; i++) {
                for (int value = 0; value < 256; value += 15) {
                    byte[] damaged = good.clone();
                    damaged[i] = (byte) value;
                    refused += refused(damaged) ? 1 : 0;
                }
            }
            assertThat(refused).as(name).isGreaterThan(1_500);
        }
    }

    @Test
    void anyDamageIsReadOrRefused() throws IOException {
        long seed = 4711;
        SplittableRandom random = new SplittableRandom(seed);
        byte[] good = Files.readAllBytes(resource("ort-external"));
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = good.clone();
            ByteBuffer words = ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                int word = random.nextInt(random.nextBoolean() ? Integer.MIN_VALUE : -good.length, Integer.MAX_VALUE);
                words.putInt(4 * random.nextInt(good.length / 4), word);
            }
            refused += refused(damaged) ? 1 : 0;
        }
        assertThat(refused).as("seed %d", seed).isBetween(1_000, 19_999);
    }

    /** Anything but success and {@link FormatException} fails the test. */
    private static boolean refused(byte[] bytes) {
        try {
            parse(bytes);
            return false;
        } catch (FormatException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
            return true;
        }
    }

    private static CheckpointContent parse(byte[] bytes) {
        return CheckpointContent.parse(
                Path.of("checkpoint"), ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), () -> 196);
    }

    @Test
    void refusesOtherFilesAndVersions() throws IOException {
        assertRefused(Files.write(folder.resolve("short"), new byte[7]), "7 bytes, expected a training checkpoint");
        assertRefused(
                Files.writeString(folder.resolve("text"), "no flatbuffer at all"),
                "no training checkpoint, expected the identifier ODTC at byte 4");
        assertRefused(write(new Content().version(1)), "checkpoint version 1, expected 2");
        assertRefused(write(new Content().version(3)), "checkpoint version 3, expected 2");
        assertRefused(write(new Content().nominal()), "a nominal checkpoint");
    }

    @Test
    void refusesTensorsThatCannotBe() throws IOException {
        assertRefused(write(new Content().dims(-1)), "a: shape [-1], expected no negative dimension");
        assertRefused(write(new Content().dims(1L << 62, 4)), "a: shape [4611686018427387904, 4] is impossible");
        assertRefused(write(new Content().dims(new long[33])), "a: 33 dimensions, expected at most 32");
        assertRefused(write(new Content().dims(2)), "a: 4 bytes of data, expected 8 for F32 [2]");
        assertRefused(write(new Content().type(8)), "a: unknown data type 8");
        assertRefused(write(new Content().type(-1)), "a: unknown data type -1");
        assertRefused(write(new Content().name("x".repeat(4097))), "a name of 4097 bytes, expected at most 4096");
        assertRefused(write(new Content().offset(0)), "a: external data, but the checkpoint declares none");
        assertRefused(write(new Content().copies(2)), "a: the name occurs twice");
        assertRefused(write(new Content().name("b\nc").type(0)), "b\\u000ac: unknown data type 0");
    }

    @Test
    void readsTypesThatAreNotFloat() throws IOException {
        try (CheckpointReader reader = CheckpointReader.open(write(new Content().type(6)))) {
            assertThat(reader.info("a").type()).isEqualTo(WeightType.I32);
            assertThatThrownBy(() -> reader.toArray("a")).hasMessageContaining("type I32 cannot be read as float32");
        }
    }

    @Test
    void refusesWhatIsNoFile() {
        assertRefused(folder.resolve("missing"), "no such file: " + folder.resolve("missing"));
        assertRefused(folder, "not a file: " + folder);
    }

    /** 2^29 + 1 floats, zeros but for the last: more bytes than an int counts. */
    @Test
    void readsATensorOfMoreThanTwoGibibytes() throws IOException {
        Path file = folder.resolve("big");
        long elements = (1L << 29) + 1;
        try (CheckpointWriter writer = CheckpointWriter.create(file)) {
            writer.add(CheckpointRole.FROZEN, "a", List.of(1L), FloatSource.of(new float[] {7}))
                    .addZeros(CheckpointRole.FROZEN, "b", List.of(elements))
                    .finish();
        }
        assertThat(Files.size(file)).isLessThan(500);
        try (RandomAccessFile data =
                new RandomAccessFile(folder.resolve("big.data").toFile(), "rw")) {
            assertThat(data.length()).isEqualTo(4 + 4 * elements);
            data.seek(4 * elements);
            data.writeInt(Integer.reverseBytes(Float.floatToIntBits(42)));
        }
        AtomicReference<Float> last = new AtomicReference<>(0f);
        try (CheckpointReader reader = CheckpointReader.open(file)) {
            reader.readFloats("b", chunk -> last.set(chunk.get(chunk.limit() - 1)));
            assertThat(last).hasValue(42f);
            assertThat(reader.toArray("a")).containsExactly(7);
        }
    }

    private static void assertRefused(Path file, String expected) {
        assertThatThrownBy(() -> CheckpointReader.open(file).close())
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(expected)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    private Path write(Content content) throws IOException {
        return Files.write(folder.resolve("checkpoint"), content.build());
    }

    /** A checkpoint of one inline tensor of one float, in which each part may be wrong. */
    private static final class Content {
        private int version = 2;
        private boolean nominal;
        private String name = "a";
        private long[] dims = {1};
        private int type = 1;
        private long offset = -1;
        private int copies = 1;

        Content version(int value) {
            version = value;
            return this;
        }

        Content nominal() {
            nominal = true;
            return this;
        }

        Content name(String value) {
            name = value;
            return this;
        }

        Content dims(long... value) {
            dims = value;
            return this;
        }

        Content type(int value) {
            type = value;
            return this;
        }

        Content offset(long value) {
            offset = value;
            return this;
        }

        Content copies(int value) {
            copies = value;
            return this;
        }

        byte[] build() {
            FlatBufferBuilder builder = new FlatBufferBuilder();
            int[] tensors = new int[copies];
            Arrays.setAll(tensors, i -> tensor(builder));
            int trainable = references(builder);
            int frozen = references(builder, tensors);
            builder.startTable(4);
            builder.addOffset(0, trainable, 0);
            builder.addOffset(1, frozen, 0);
            builder.addBoolean(2, nominal, false);
            int module = builder.endTable();
            builder.startTable(4);
            builder.addInt(0, version, 0);
            builder.addOffset(1, module, 0);
            builder.finish(builder.endTable(), "ODTC");
            return builder.sizedByteArray();
        }

        private int tensor(FlatBufferBuilder builder) {
            int text = builder.createString(name);
            int data = builder.createByteVector(new byte[4]);
            builder.startVector(8, dims.length, 8);
            for (int i = dims.length - 1; i >= 0; i--) {
                builder.addLong(dims[i]);
            }
            int shape = builder.endVector();
            builder.startTable(7);
            builder.addOffset(0, text, 0);
            builder.addOffset(2, shape, 0);
            builder.addInt(3, type, 0);
            builder.addOffset(4, data, 0);
            builder.addLong(6, offset, -1);
            return builder.endTable();
        }

        private static int references(FlatBufferBuilder builder, int... tables) {
            builder.startVector(4, tables.length, 4);
            for (int i = tables.length - 1; i >= 0; i--) {
                builder.addOffset(tables[i]);
            }
            return builder.endVector();
        }
    }
}
