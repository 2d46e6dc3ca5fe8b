package org.dilort.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dilort.error.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvReaderTest {

    @TempDir
    private Path folder;

    @Test
    void readsQuotedCommasQuotesAndLineEnds() throws IOException {
        Path file = write("\uFEFFprompt,chosen,rejected\r\n\"2,\n2\",\"say \"\"4\"\"\",5\r\nq,é 😀,\"\"\n");

        assertThat(InputFileTest.rows(file))
                .extracting(row -> row.fields().toString())
                .containsExactly(
                        "{\"prompt\":\"2,\\n2\",\"chosen\":\"say \\\"4\\\"\",\"rejected\":\"5\"}",
                        "{\"prompt\":\"q\",\"chosen\":\"é 😀\",\"rejected\":\"\"}");
    }

    @Test
    void namesTheLineThatARowBeginsAt() throws IOException {
        Path file = write("prompt,chosen\n\"a\n\nb\",c\n\nd,e\n");

        assertThat(InputFileTest.rows(file))
                .extracting(row -> row.source().line())
                .containsExactly(2L, 6L);
    }

    @Test
    void leavesEmptyCellsOutUnlessTheyAreQuoted() throws IOException {
        Path file = write("prompt,chosen,rejected\na,,\"\"\n");

        assertThat(InputFileTest.fields(file, 0).toString()).isEqualTo("{\"prompt\":\"a\",\"rejected\":\"\"}");
    }

    @Test
    void readsListsOfMessagesAndOfIdsThatACellSpellsOut() throws IOException {
        Path file = write(
                "prompt_ids,chosen,rejected\n\"[1, 2]\",\"[{\"\"role\"\": \"\"user\"\"}]\",\"[{\"\"x\"\": 1}]\"\n");

        assertThat(InputFileTest.fields(file, 0).toString())
                .isEqualTo("{\"prompt_ids\":[1,2],\"chosen\":[{\"role\":\"user\"}],\"rejected\":\"[{\\\"x\\\": 1}]\"}");
    }

    @Test
    void keepsSpacesInsideCells() throws IOException {
        assertThat(InputFileTest.fields(write("prompt,chosen\n a , b\n"), 0).toString())
                .isEqualTo("{\"prompt\":\" a \",\"chosen\":\" b\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`a,b\n1,2,3\n`        | :2: more than 2 cells, expected one for each column",
                "`a,a\n1,2\n`          | :1: got column names [a, a], expected a different name for each column",
                "`a,,c\n1,2,3\n`       | :1: got column names [a, , c], expected a different name for each column",
                "`a,b\n1,2\n3,\"4\n`   | :3: not CSV: Missing closing quote",
            })
    void refusesBrokenRowsByTheirLine(String content, String message) throws IOException {
        Path file = write(content);

        assertThatThrownBy(() -> InputFileTest.rows(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + message);
    }

    @Test
    void goesOnAfterARowThatIsTooShort() throws IOException {
        Path file = write("a,b\n1\n3,4\n");

        List<InputRow> rows = InputFileTest.rows(file);

        assertThat(rows).extracting(InputRow::problem).containsExactly("got 1 cells, expected 2: [a, b]", "");
        assertThat(rows.get(0).source()).hasToString(file + ":2");
    }

    @Test
    void refusesAQuoteThatNeverEndsBeforeItFillsMemory() throws IOException {
        Path file = write("a,b\n1,2\n3,\"" + "x".repeat(200_000));

        assertThatThrownBy(() -> InputFile.of(file, 50_000).read(row -> {}))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ":3: ");
    }

    @Test
    void refusesBytesThatAreNotUtf8() throws IOException {
        Path file = folder.resolve("a.csv");
        Files.write(file, "a,b\n1,é\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> InputFileTest.rows(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ":")
                .hasMessageContaining("not UTF-8");
    }

    private Path write(String content) throws IOException {
        return Files.writeString(folder.resolve("a.csv"), content);
    }
}
