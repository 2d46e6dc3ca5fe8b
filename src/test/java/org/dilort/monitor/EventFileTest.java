package org.dilort.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000, 500_000_000);

    @TempDir
    private Path folder;

    private List<Path> files() throws IOException {
        try (var files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /**
     * Every event file of TensorFlow begins with these bytes: a length of 24, its checksum a3 7f 4b 22, the wall time (field 1, a
     * double), and the version (field 3, 13 letters). 1700000000.5 is 0x41d954fc40200000.
     */
    @Test
    void beginsAsEveryEventFileDoes() throws IOException {
        EventFile.create(folder, NOW).close();
        byte[] bytes = Files.readAllBytes(files().get(0));
        assertThat(HexFormat.of().formatHex(bytes, 0, 12)).isEqualTo("1800000000000000" + "a37f4b22");
        assertThat(HexFormat.of().formatHex(bytes, 12, 21)).isEqualTo("09" + "0000" + "2040fc54d941");
        assertThat(new String(bytes, 23, 13, StandardCharsets.US_ASCII)).isEqualTo("brain.Event:2");
        assertThat(bytes).hasSize(8 + 4 + 24 + 4);
        assertThat(files().get(0).getFileName()).hasToString("events.out.tfevents.1700000000.dil-ort.0");
    }

    /** The check value of CRC-32C: e3069283 for the nine digits. */
    @Test
    void readerHasTheRightChecksum() {
        byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
        assertThat(EventReader.crc(digits)).isEqualTo(0xe3069283);
    }

    @Test
    void whatIsWrittenCanBeRead() throws IOException {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("train/loss", 0.25);
        values.put("train/grad_norm", Double.NaN);
        values.put("train/ü", -1e30);
        try (EventFile file = EventFile.create(folder, NOW)) {
            file.begin(NOW, 301);
            file.scalars(NOW, 301, values);
            file.scalars(NOW, 1L << 40, Map.of("eval/accuracy", 1.0));
            file.scalars(NOW, 302, Map.of("train/loss", Double.POSITIVE_INFINITY));
        }
        List<EventReader.Event> events = EventReader.read(files().get(0));
        assertThat(events).hasSize(4).allMatch(event -> event.wallTime() == 1_700_000_000.5);
        assertThat(events.get(0).version()).isEqualTo("brain.Event:2");
        assertThat(events.get(1).begins()).isTrue();
        assertThat(events.get(1).step()).isEqualTo(301);
        assertThat(events.get(2).values())
                .containsExactly(Map.entry("train/loss", 0.25f), Map.entry("train/ü", -1e30f));
        assertThat(events.get(3).step()).isEqualTo(1L << 40);
        assertThat(events.get(3).values()).containsExactly(Map.entry("eval/accuracy", 1f));
    }

    /**
     * The file is TensorBoard's own: {@code EventFileWriter} of tensorboard 2.21.0 was given these events. Its first record names
     * that class too; all others have the same bytes here.
     */
    @Test
    void recordsAreThoseOfTensorBoardsOwnWriter() throws IOException {
        List<byte[]> expected = records(Path.of("src/test/resources/monitor/tensorboard-2.21.0.events"));
        try (EventFile file = EventFile.create(folder, NOW)) {
            file.scalars(Instant.ofEpochMilli(1_001_500), 1, scalars(0.5, 1));
            file.scalars(Instant.ofEpochMilli(1_002_500), 2, scalars(-3.25, 2));
            file.scalars(Instant.ofEpochMilli(1_000_500), 7_000_000_000L, scalars(1e-30, 7_000_000_000L % 97));
            file.begin(Instant.ofEpochMilli(1_020_000), 3);
        }
        List<byte[]> written = records(files().get(0));
        assertThat(written).hasSize(5).hasSameSizeAs(expected);
        for (int i = 1; i < 5; i++) {
            assertThat(written.get(i)).as("record %d", i).isEqualTo(expected.get(i));
        }
    }

    private static Map<String, Double> scalars(double loss, double other) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("train/loss", loss);
        values.put("eval/ä", other);
        return values;
    }

    /** Length, its checksum, the data, its checksum. */
    private static List<byte[]> records(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<byte[]> records = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte[] record = new byte[16 + Math.toIntExact(bytes.getLong(bytes.position()))];
            bytes.get(record);
            records.add(record);
        }
        return records;
    }

    @Test
    void aSecondFileOfTheSameSecondHasAnotherName() throws IOException {
        EventFile.create(folder, NOW).close();
        EventFile.create(folder, NOW).close();
        assertThat(files()).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void saysWhatCannotBeWritten() throws IOException {
        Path blocked = Files.writeString(folder.resolve("tensorboard"), "a file");
        assertThatThrownBy(() -> TensorBoardLog.open(blocked, Clock.systemUTC()))
                .hasMessageStartingWith(blocked + ": not written: ");
    }
}
