package org.dilort.heads;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** What PyTorch computes in float64 for batches of pairs whose log-probabilities are exact in float. */
final class HeadGoldens {
    private static final Path FILE = Path.of("src/test/resources/golden/heads.json");

    private HeadGoldens() {}

    /**
     * @param loss mean over pairs
     * @param perPair losses
     * @param gradients {@code [pairs * 2]}, of the sum of losses
     */
    record Case(
            String name,
            Map<String, Double> coefficients,
            HeadRunner.Batch batch,
            double loss,
            double[] perPair,
            double[] gradients) {}

    /** All entries, in order. */
    static List<String> entries() {
        List<String> names = new ArrayList<>();
        root().get("heads").fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonNode root() {
        try {
            return new ObjectMapper().readTree(FILE.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The cases of one entry, such as {@code lsif} or {@code lsif_avg}. */
    static List<Case> of(String head) {
        JsonNode root = root();
        List<Case> cases = new ArrayList<>();
        for (JsonNode node : root.at("/heads/" + head + "/cases")) {
            JsonNode batch = StreamSupport.stream(root.get("batches").spliterator(), false)
                    .filter(candidate -> candidate.get("name").equals(node.get("batch")))
                    .findFirst()
                    .orElseThrow();
            cases.add(read(head, node, batch));
        }
        if (cases.isEmpty()) {
            throw new IllegalArgumentException("no golden cases for " + head);
        }
        return cases;
    }

    private static Case read(String head, JsonNode node, JsonNode batch) {
        Map<String, Double> coefficients = new HashMap<>();
        node.get("params")
                .properties()
                .forEach(entry ->
                        coefficients.put(entry.getKey(), entry.getValue().asDouble()));
        HeadRunner.Batch inputs = new HeadRunner.Batch(
                byPair(batch, "logp_w", "logp_l"), byPair(batch, "ref_w", "ref_l"), byPair(batch, "len_w", "len_l"));
        double[] perPair = new double[inputs.pairs()];
        for (int i = 0; i < perPair.length; i++) {
            perPair[i] = node.get("per_pair").get(i).asDouble();
        }
        String name = head + " " + batch.get("name").asText() + " " + node.get("params");
        double loss = node.get("loss").asDouble();
        return new Case(name, coefficients, inputs, loss, perPair, byPair(node, "d_fw", "d_fl"));
    }

    private static double[] byPair(JsonNode node, String chosen, String rejected) {
        double[] values = new double[2 * node.get(chosen).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = node.get(i % 2 == 0 ? chosen : rejected).get(i / 2).asDouble();
        }
        return values;
    }
}
