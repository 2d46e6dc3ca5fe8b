package org.dilort.report;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.dilort.files.DurableFiles;

/**
 * {@code summary.json}: what a run is and what came of it. Written when its steps begin and again when it ends.
 *
 * @param model folder of the model that it starts from
 * @param heads one text for each, with its coefficients
 * @param steps of the whole run
 * @param data lines about the data, as the console had them
 * @param before metrics of the held-out pairs before the first step; empty without such pairs
 * @param after the same at the end; empty until then
 */
public record RunSummary(
        State state,
        String model,
        List<String> heads,
        long steps,
        List<String> data,
        SortedMap<String, Double> before,
        SortedMap<String, Double> after) {

    /** How far a run is; one that was killed stays at {@code BEGUN}. */
    public enum State {
        BEGUN,
        INTERRUPTED,
        COMPLETED
    }

    /** Its name in the folder of a run. */
    public static final String FILE = "summary.json";

    private static final int MOST_BYTES = 1 << 24;
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    public RunSummary {
        heads = List.copyOf(heads);
        data = List.copyOf(data);
        before = Collections.unmodifiableSortedMap(new TreeMap<>(before));
        after = Collections.unmodifiableSortedMap(new TreeMap<>(after));
    }

    public RunSummary ended(State how, SortedMap<String, Double> afterwards) {
        return new RunSummary(how, model, heads, steps, data, before, afterwards);
    }

    public void write(Path file) throws IOException {
        DurableFiles.replace(file, JSON.writeValueAsBytes(this));
    }

    /** @throws IOException also for a file that is no summary */
    public static RunSummary read(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException("larger than 16 MiB, expected the summary of a run");
        }
        return JSON.readValue(Files.readAllBytes(file), RunSummary.class);
    }
}
