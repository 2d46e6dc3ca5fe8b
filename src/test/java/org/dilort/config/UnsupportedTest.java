package org.dilort.config;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.dilort.error.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnsupportedTest {
    private static final String SMALLEST = "model: {path: m}\ndata: {train: t}\noutput: o\n";

    @Test
    void acceptsTheDefaults() {
        assertThatCode(() -> Unsupported.check(load())).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model.compute=float16|model.compute: float16",
            })
    void refusesWhatWouldBeIgnored(String override, String message) {
        assertThatThrownBy(() -> Unsupported.check(load(override)))
                .isInstanceOf(ConfigException.class)
                .hasMessage(message + ": not supported yet");
    }

    private static Config load(String... overrides) {
        return ConfigLoader.parse("x.yaml", SMALLEST, List.of(overrides));
    }
}
