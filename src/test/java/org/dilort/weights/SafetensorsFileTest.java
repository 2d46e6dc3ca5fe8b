package org.dilort.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.dilort.error.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest extends WeightSourceContract {
    @TempDir
    private Path folder;

    @Override
    protected WeightSource store(Path folder, Map<String, Tensor> tensors) {
        SafetensorsWriter writer = new SafetensorsWriter(Map.of());
        tensors.forEach(
                (name, tensor) -> writer.add(name, WeightType.F32, tensor.shape(), FloatSource.of(tensor.values())));
        writer.write(folder.resolve("weights"));
        return SafetensorsFile.open(folder.resolve("weights"));
    }

    private SafetensorsFile open(byte[] content) {
        return SafetensorsFile.open(SafetensorsBytes.write(folder.resolve("model.safetensors"), content));
    }

    @Test
    void readsAFileThatIsWrittenOutHere() {
        byte[] content = SafetensorsBytes.of("""
                {"b":{"dtype":"BF16","shape":[2],"data_offsets":[8,12]},
                 "__metadata__":{"format":"pt","k":"v"},
                 "a":{"shape":[1,2],"data_offsets":[0,8],"dtype":"F32","later":{"x":[1,{}]}},
                 "h":{"dtype":"F16","shape":[],"data_offsets":[12,14]},
                 "n":{"dtype":"U8","shape":[3],"data_offsets":[14,17]}}\s\s\s""", new byte[] {
            0, 0, (byte) 0x80, 0x3f, 0, 0, 0, (byte) 0xc0, (byte) 0x80, 0x3f, 0x10, 0x40, 0, 0x35, 7, 8, 9
        });
        try (SafetensorsFile file = open(content)) {
            assertThat(file.names()).containsExactly("a", "b", "h", "n");
            assertThat(file.metadata()).isEqualTo(Map.of("format", "pt", "k", "v"));
            assertThat(file.toArray("a")).containsExactly(1, -2);
            assertThat(file.toArray("b")).containsExactly(1, 2.25f);
            assertThat(file.toArray("h")).containsExactly(0.3125f);
            assertThat(file.info("h"))
                    .isEqualTo(new TensorInfo("h", WeightType.F16, List.of(), file.location(), content.length - 5, 2));
            assertThat(file.map("n").get(2)).isEqualTo((byte) 9);
        }
    }

    @Test
    void readsDoublesToTheNearestFloat() {
        byte[] data = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putDouble(0.1)
                .putDouble(1e300)
                .array();
        try (SafetensorsFile file =
                open(SafetensorsBytes.of("{\"d\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[0,16]}}", data))) {
            assertThat(file.toArray("d")).containsExactly(0.1f, Float.POSITIVE_INFINITY);
        }
    }

    @Test
    void refusesIntegersAsFloats() {
        try (SafetensorsFile file = open(
                SafetensorsBytes.of("{\"i\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}", new byte[8]))) {
            assertThatThrownBy(() -> file.toArray("i"))
                    .isInstanceOf(FormatException.class)
                    .hasMessage("i: type I64 cannot be read as float32, expected F32, F16, BF16 or F64 (%s)"
                            .formatted(file.location()));
            assertThatThrownBy(() -> file.require("i", 1)).hasMessageStartingWith("i: type I64, expected F32");
        }
    }

    @Test
    void aFileOfNoTensorsIsAFile() {
        try (SafetensorsFile file = open(SafetensorsBytes.of("{}"))) {
            assertThat(file.names()).isEmpty();
            assertThat(file.metadata()).isEmpty();
        }
    }

    @Test
    void reachesBehindTwoGibibytes() throws IOException {
        long wide = 3L << 29;
        long last = 2 * wide;
        String header = """
                {"wide":{"dtype":"BF16","shape":[%d],"data_offsets":[0,%d]},\
                "last":{"dtype":"F32","shape":[1],"data_offsets":[%d,%d]}}""".formatted(wide, last, last, last + 4);
        Path path = SafetensorsBytes.write(folder.resolve("sparse"), SafetensorsBytes.of(header));
        try (RandomAccessFile out = new RandomAccessFile(path.toFile(), "rw")) {
            long data = out.length();
            out.seek(data + last);
            out.write(SafetensorsBytes.floats(42));
        }
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.toArray("last")).containsExactly(42);
            FloatBuffer mapped = file.map("last").asFloatBuffer();
            assertThat(mapped.get(0)).isEqualTo(42);
            assertThatThrownBy(() -> file.map("wide"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("wide: 3221225472 bytes cannot be mapped at once");
        }
    }

    /** 2^29 + 1 floats, zeros but for the last: more elements and bytes than an int counts at once. */
    @Test
    void readsATensorOfMoreThanTwoGibibytes() throws IOException {
        long elements = (1L << 29) + 1;
        String header =
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[0,%d]}}".formatted(elements, 4 * elements);
        Path path = SafetensorsBytes.write(folder.resolve("big"), SafetensorsBytes.of(header));
        try (RandomAccessFile out = new RandomAccessFile(path.toFile(), "rw")) {
            out.seek(out.length() + 4 * (elements - 1));
            out.write(SafetensorsBytes.floats(42));
        }
        AtomicLong count = new AtomicLong();
        AtomicReference<Float> last = new AtomicReference<>(0f);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            file.readFloats("a", chunk -> {
                count.addAndGet(chunk.remaining());
                last.set(chunk.get(chunk.limit() - 1));
            });
            assertThat(count).hasValue(elements);
            assertThat(last).hasValue(42f);
            CountingChannel copied = new CountingChannel();
            file.copyBytes("a", copied);
            assertThat(copied.bytes).isEqualTo(4 * elements);
        }
    }

    private static final class CountingChannel implements WritableByteChannel {
        private long bytes;

        @Override
        public int write(ByteBuffer source) {
            int count = source.remaining();
            source.position(source.limit());
            bytes += count;
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    @Test
    void noticesAFileThatShrinksAfterItWasOpened() throws IOException {
        Path path = SafetensorsBytes.write(
                folder.resolve("shrinks"),
                SafetensorsBytes.of("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", new byte[8]));
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            try (RandomAccessFile shorter = new RandomAccessFile(path.toFile(), "rw")) {
                shorter.setLength(shorter.length() - 3);
            }
            assertThatThrownBy(() -> file.toArray("a"))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("expected more data");
        }
    }
}
