package org.dilort.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.dilort.error.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InputFileTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a.jsonl   | {'n': 1}                                     | JSON lines",
                "a.ndjson  | [{'n': 1}]                                   | JSON lines",
                "a.json    | [{'n': 1}]                                   | JSON",
                "a.json    | `\n {'data': [{'n': 1}]}`                    | JSON",
                "a.json    | `{'n': 1}\n{'n': 2}`                         | JSON lines",
                "a.json    | `{\n 'n': 1\n}`                              | JSON",
                "a.txt     | {'n': 1}                                     | JSON lines",
                "a         | [{'n': 1}]                                   | JSON",
                "a.csv     | n                                            | CSV",
                "a.json    | ''                                           | JSON lines",
            })
    void tellsTheFormatByNameAndContent(String name, String content, String format) throws IOException {
        assertThat(InputFile.of(write(name, content)).description()).isEqualTo(format);
    }

    @Test
    void tellsTheCompressionByTheFirstBytesWhateverTheName() throws IOException {
        byte[] rows = "{\"n\": 1}\n{\"n\": 2}\n".getBytes(StandardCharsets.UTF_8);
        Path gzip = Files.write(folder.resolve("a.jsonl.gz"), gzip(rows));
        Path misnamed = Files.write(folder.resolve("b.jsonl"), gzip(rows));
        Path zstd = Files.write(folder.resolve("c.json.zst"), zstd(rows));

        assertThat(InputFile.of(gzip).description()).isEqualTo("JSON lines, gzip");
        assertThat(InputFile.of(misnamed).description()).isEqualTo("JSON lines, gzip");
        assertThat(InputFile.of(zstd).description()).isEqualTo("JSON lines, zstd");
        assertThat(numbers(gzip))
                .isEqualTo(numbers(misnamed))
                .isEqualTo(numbers(zstd))
                .containsExactly(1, 2);
    }

    @Test
    void readsTheMembersOfAGzipFileOneAfterTheOther() throws IOException {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.write(gzip("{\"n\": 1}\n".getBytes(StandardCharsets.UTF_8)));
        both.write(gzip("{\"n\": 2}\n".getBytes(StandardCharsets.UTF_8)));

        assertThat(numbers(Files.write(folder.resolve("a.jsonl.gz"), both.toByteArray())))
                .containsExactly(1, 2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{'n': 1}, {'n': 2}]",
                "{'version': 3, 'data': [{'n': 1}, {'n': 2}], 'more': [{'n': 9}]}",
                "{'features': [{'name': 'n'}], 'rows': [{'row_idx': 0, 'row': {'n': 1}}, {'row_idx': 1, 'row': {'n': 2}}]}",
                "{'n':\n 1}\n{'n':\n 2}",
                "\uFEFF[\n{'n': 1},\n{'n': 2}\n]\n",
            })
    void findsTheRowsOfADocument(String content) throws IOException {
        assertThat(numbers(write("a.json", content))).containsExactly(1, 2);
    }

    @Test
    void namesTheLineAndTheElementOfADocument() throws IOException {
        Path file = write("a.json", "[\n {'n': 1},\n {\n  'n': 2}, {'n': 3}\n]");

        assertThat(rows(file))
                .extracting(row -> row.source().toString())
                .containsExactly(file + ":2 (element 1)", file + ":3 (element 2)", file + ":4 (element 3)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`[\n{'n': 1},\n{'n' 2}]`  | :3: not JSON: Unexpected character",
                "`[\n{'n': 1}\n`           | :3: not JSON: Unexpected end-of-input",
                "`[{'n': 1, 'n': 2}]`      | :1: not JSON: Duplicate field 'n'",
                "`[\n1]\n7`                | :3: got a single value, expected a list of rows",
                "`[\n'\u0001']`            | :2: not JSON: Illegal unquoted character",
            })
    void refusesABrokenDocumentByItsLine(String content, String message) throws IOException {
        Path file = write("a.json", content);

        assertThatThrownBy(() -> rows(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void refusesAnElementOverTheLimitBeforeItIsHeld() throws IOException {
        Path file = write("a.json", "[{'n': 1},\n{'n': [" + "1,".repeat(100_000) + "1]}]");

        assertThatThrownBy(() -> InputFile.of(file, 20_000).read(row -> {}))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ":2 (element 2): longer than 20000 bytes");
    }

    /** Jackson keeps the buffer of a text for the thread's next one. */
    @Test
    void countsRowsAloneAfterALongText() throws IOException {
        assertThat(Json.read("[" + "1,".repeat(16_000) + "1]")).isPresent();
        refusesAnElementOverTheLimitBeforeItIsHeld();
        passesOverWhatFollowsTheRowsHoweverLongItIs();
    }

    @Test
    void passesOverWhatFollowsTheRowsHoweverLongItIs() throws IOException {
        Path file = write("a.json", "{'data': [{'n': 1}],\n'rest': [" + "[1],".repeat(20_000) + "1]}");
        List<InputRow> rows = new ArrayList<>();

        InputFile.of(file, 20_000).read(rows::add);

        assertThat(rows).hasSize(1);
    }

    @Test
    void refusesALineOverTheLimitButNotOneAtIt() throws IOException {
        String line = "{\"n\": 1}";
        Path file = write("a.jsonl", line + "\n" + line + " ");
        List<InputRow> rows = new ArrayList<>();

        assertThatThrownBy(() -> InputFile.of(file, line.length()).read(rows::add))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ":2: line longer than " + line.length() + " bytes");
        assertThat(rows).hasSize(1);
    }

    @Test
    void refusesAFileThatInflatesBeyondMeasure() throws IOException {
        byte[] lines = " \n".repeat(20 << 20).getBytes(StandardCharsets.UTF_8);
        Path gzip = Files.write(folder.resolve("a.jsonl.gz"), gzip(lines));
        Path zstd = Files.write(folder.resolve("a.jsonl.zst"), zstd(lines));

        assertThatThrownBy(() -> rows(gzip))
                .hasMessageStartingWith(gzip + ": inflates to more than 250 times its size");
        assertThatThrownBy(() -> rows(zstd))
                .hasMessageStartingWith(zstd + ": inflates to more than 250 times its size");
    }

    @Test
    void refusesDamagedCompression() throws IOException {
        byte[] rows = "{\"n\": 1}\n".repeat(1000).getBytes(StandardCharsets.UTF_8);
        for (byte[] good : List.of(gzip(rows), zstd(rows))) {
            byte[] cut = java.util.Arrays.copyOf(good, good.length - 7);
            Path file = Files.write(folder.resolve("cut.jsonl"), cut);

            assertThatThrownBy(() -> rows(file))
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith(file + ": not readable: ");
        }
    }

    @Test
    void refusesAFileThatIsNotThere() {
        Path missing = folder.resolve("none.jsonl");

        assertThatThrownBy(() -> InputFile.of(missing))
                .isInstanceOf(DataException.class)
                .hasMessage(missing + ": not readable: there is no such file");
    }

    private List<Integer> numbers(Path file) {
        return rows(file).stream().map(row -> row.fields().path("n").intValue()).toList();
    }

    static List<InputRow> rows(Path file) {
        List<InputRow> rows = new ArrayList<>();
        InputFile.of(file).read(rows::add);
        return rows;
    }

    static JsonNode fields(Path file, int row) {
        return rows(file).get(row).fields();
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content.replace('\'', '"'));
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    private static byte[] zstd(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new ZstdOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }
}
