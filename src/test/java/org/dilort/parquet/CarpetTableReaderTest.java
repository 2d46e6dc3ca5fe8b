package org.dilort.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.jerolba.carpet.CarpetWriter;
import com.jerolba.carpet.io.FileSystemOutputFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.dilort.error.DataException;
import org.dilort.input.InputFile;
import org.dilort.input.InputRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files are written here, with the nesting of UltraFeedback's. */
class CarpetTableReaderTest {

    @TempDir
    private Path folder;

    record Turn(String content, String role) {}

    record Pair(String prompt, List<Turn> chosen, List<Turn> rejected, Double score, long votes, boolean checked) {}

    @ParameterizedTest
    @EnumSource(
            value = CompressionCodecName.class,
            names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD"})
    void readsNestedListsOfMessages(CompressionCodecName codec) throws IOException {
        Path file = write(codec, 3);

        assertThat(InputFile.of(file).description()).isEqualTo("Parquet");
        List<InputRow> rows = rows(file);
        assertThat(rows).hasSize(3);
        assertThat(rows.get(1).fields().toString())
                .isEqualTo("{\"prompt\":\"q1 é 😀\",\"chosen\":[{\"content\":\"q1\",\"role\":\"user\"},"
                        + "{\"content\":\"a1\",\"role\":\"assistant\"}],\"rejected\":[],\"score\":null,\"votes\":1,"
                        + "\"checked\":false}");
        assertThat(rows.get(1).source()).hasToString(file + " row 2");
    }

    @Test
    void refusesAFileThatOnlyClaimsToBeParquet() throws IOException {
        Path file = Files.writeString(folder.resolve("a.parquet"), "PAR1 and nothing else PAR1");

        assertThatThrownBy(() -> rows(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ": not Parquet that can be read");
    }

    @Test
    void readsOrRefusesDamagedFiles() throws IOException {
        byte[] good = Files.readAllBytes(write(CompressionCodecName.UNCOMPRESSED, 20));
        Path file = folder.resolve("damaged.parquet");
        long seed = 11;
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 100; round++) {
            byte[] damaged = good.clone();
            for (int i = random.nextInt(3); i >= 0; i--) {
                damaged[random.nextInt(good.length)] = (byte) random.nextInt(256);
            }
            Files.write(file, damaged);

            Throwable refusal = catchThrowable(() -> rows(file));
            if (refusal != null) {
                assertThat(refusal)
                        .as("seed %d, round %d", seed, round)
                        .isInstanceOf(DataException.class)
                        .hasMessageContaining(file.toString());
            }
        }
    }

    /** A column without a value is what is tested. */
    @SuppressWarnings("NullAway")
    private Path write(CompressionCodecName codec, int rows) throws IOException {
        Path file = folder.resolve(codec + ".parquet");
        try (CarpetWriter<Pair> writer = new CarpetWriter.Builder<>(new FileSystemOutputFile(file.toFile()), Pair.class)
                .withCompressionCodec(codec)
                .build()) {
            for (int i = 0; i < rows; i++) {
                List<Turn> chosen = List.of(new Turn("q" + i, "user"), new Turn("a" + i, "assistant"));
                writer.write(new Pair("q" + i + " é 😀", chosen, List.of(), null, i, false));
            }
        }
        return file;
    }

    private static List<InputRow> rows(Path file) {
        List<InputRow> rows = new ArrayList<>();
        InputFile.of(file).read(rows::add);
        return rows;
    }
}
