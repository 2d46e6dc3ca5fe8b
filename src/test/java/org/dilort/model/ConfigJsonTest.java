package org.dilort.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dilort.error.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigJsonTest {
    @TempDir
    private Path folder;

    private ConfigJson read(String text) throws IOException {
        Files.write(folder.resolve("config.json"), text.getBytes(StandardCharsets.UTF_8));
        return ConfigJson.read(folder);
    }

    @Test
    void folderWithoutTheFileIsRefused() {
        assertThatThrownBy(() -> ConfigJson.read(folder))
                .isInstanceOf(FormatException.class)
                .hasMessage(folder.resolve("config.json")
                        + ": no such file, expected a Hugging Face model folder with config.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"a\": 1} x", "{\"a\": 1, \"a\": 2}", "{\"a\": NaN}", "{'a': 1}", "\u0000"})
    void whatIsNoJsonIsOneLineWithTheFile(String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith(folder.resolve("config.json") + ": not JSON (")
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "3", "null"})
    void anotherKindOfJsonIsRefused(String text) {
        assertThatThrownBy(() -> read(text)).hasMessage(folder.resolve("config.json") + ": expected a JSON object");
    }

    @Test
    void deepNestingIsRefusedWithoutAStackOverflow() {
        assertThatThrownBy(() -> read("{\"a\":".repeat(100_000)))
                .isInstanceOf(FormatException.class)
                .hasMessageNotContaining("\n");
    }

    @Test
    void hugeFileIsNotRead() {
        assertThatThrownBy(() -> read(" ".repeat((4 << 20) + 1)))
                .hasMessageEndingWith("4194305 bytes, expected at most 4194304");
    }

    @Test
    void bytesThatAreNoTextAreRefused() throws IOException {
        Files.write(folder.resolve("config.json"), new byte[] {'{', '"', (byte) 0xff, (byte) 0xc0, '"', ':', '1', '}'});
        assertThatThrownBy(() -> ConfigJson.read(folder)).isInstanceOf(FormatException.class);
    }

    @Test
    void sectionsAreNamedInMessages() throws IOException {
        ConfigJson section =
                read("{\"rope\": {\"factor\": -1, \"name\": \"x\"}}").section("rope");
        assertThat(section.text("name", "")).isEqualTo("x");
        assertThat(section.number("absent", 3)).isEqualTo(3);
        assertThatThrownBy(() -> section.number("factor", 1))
                .hasMessageStartingWith("rope.factor: got -1, expected a number > 0 (" + folder);
        assertThat(read("{}").section("rope").has("factor")).isFalse();
    }

    @Test
    void treeThatIsHandedOutIsACopy() throws IOException {
        ConfigJson json = read("{\"vocab_size\": 5}");
        json.root().put("vocab_size", 7);
        assertThat(json.count("vocab_size")).isEqualTo(5);
    }
}
