package org.dilort.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

/** The test data under {@code jinja/}. */
final class Resources {
    /** 2024-07-26 03:04:05.000678 UTC, a Friday: the day that the template of Llama 3.1 falls back to. */
    static final Clock CLOCK = Clock.fixed(Instant.parse("2024-07-26T03:04:05.000678Z"), ZoneOffset.UTC);

    private Resources() {}

    static String text(String name) {
        try (InputStream in = Resources.class.getResourceAsStream("/jinja/" + name)) {
            if (in == null) {
                throw new IllegalArgumentException("no resource jinja/" + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(String name) {
        try {
            return new ObjectMapper().readTree(text(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
