package org.dilort.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dilort.model.Architectures;
import org.dilort.model.BatchInputs;
import org.dilort.model.CausalLm;
import org.dilort.model.ConfigJson;
import org.dilort.model.Parameter;
import org.dilort.model.RunLength;
import org.dilort.weights.SafetensorsFolder;
import org.dilort.weights.WeightSource;

/**
 * A tiny random checkpoint with what PyTorch computes from it in float64: three pairs, right-padded, rows 0 to 2 chosen
 * and 3 to 5 rejected.
 */
public record GoldenModel(String name, JsonNode golden, CausalLm model) {
    private static final Path FOLDER = Path.of("src/test/resources/golden");

    private static final List<String> LENGTH_DEPENDENT =
            List.of("llama_rope_dynamic", "llama_rope_longrope", "phi3_longrope");

    /** Every golden. */
    public static List<String> names() {
        return Stream.concat(ofAnyLength().stream(), LENGTH_DEPENDENT.stream()).toList();
    }

    /** Those that compute the same whatever the longest sequence of a run. */
    public static List<String> ofAnyLength() {
        return List.of(
                "gemma2",
                "gemma3_text",
                "gpt2",
                "gpt_neox_pythia",
                "llama_gqa_tied",
                "llama_gqa_untied",
                "llama_rope_linear",
                "llama_rope_llama3",
                "llama_rope_yarn",
                "mistral_sw5",
                "olmo2",
                "phi3_longrope_short",
                "phi3_sw6",
                "qwen2",
                "qwen2_sw4",
                "qwen3",
                "smollm3",
                "smollm3_sw4");
    }

    public static GoldenModel load(String name) {
        try {
            JsonNode golden = new ObjectMapper()
                    .readTree(FOLDER.resolve("model_" + name + ".json").toFile());
            ConfigJson config = ConfigJson.read(FOLDER.resolve("tiny-" + name));
            // PyTorch took the longest row of the batch for what depends on length
            RunLength length = new RunLength(rowLength(golden));
            return new GoldenModel(name, golden, Architectures.of(config, length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path folder() {
        return FOLDER.resolve("tiny-" + name);
    }

    /** Every weight by name, as graph inputs take it. */
    public Map<String, Array> weights() {
        try (WeightSource source = SafetensorsFolder.open(folder())) {
            Map<String, Array> weights = new TreeMap<>();
            for (Parameter parameter : model.parameters()) {
                float[] floats = source.toArray(parameter.name());
                double[] values = new double[floats.length];
                for (int i = 0; i < floats.length; i++) {
                    values[i] = floats[i];
                }
                weights.put(parameter.name(), new Array(parameter.shape().toArray(), values));
            }
            return weights;
        }
    }

    /** Tokens of a row with its padding. */
    public int longestRow() {
        return rowLength(golden);
    }

    private static int rowLength(JsonNode golden) {
        return golden.at("/input_ids/0").size();
    }

    public int pairs() {
        return golden.get("ref_w").size();
    }

    /** The token ids of a row without padding. */
    public int[] tokens(int row) {
        int[] tokens = new int[realTokens(row)];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = golden.at("/input_ids/" + row + "/" + i).asInt();
        }
        return tokens;
    }

    private int realTokens(int row) {
        int count = 0;
        for (JsonNode mask : golden.at("/attention_mask/" + row)) {
            count += mask.asInt();
        }
        return count;
    }

    public int responseLength(int row) {
        return golden.at("/response_lengths/" + row).asInt();
    }

    public double[] numbers(String pointer) {
        List<Double> numbers = new ArrayList<>();
        golden.at(pointer).forEach(number -> numbers.add(number.asDouble()));
        if (numbers.isEmpty()) {
            throw new IllegalArgumentException("no numbers at " + pointer + " in the golden of " + name);
        }
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** {@code [pairs, 2]}: what the golden keeps as chosen rows and then rejected rows. */
    public double[] byPair(double[] chosen, double[] rejected) {
        double[] pairs = new double[2 * chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            pairs[2 * i] = chosen[i];
            pairs[2 * i + 1] = rejected[i];
        }
        return pairs;
    }

    /** The golden's batch as plain sequences: each a document with one branch in a row of its own. */
    public Map<String, Array> plainBatch() {
        int rows = 2 * pairs();
        int length = golden.at("/input_ids/0").size();
        double[][] fields = new double[4][rows * length];
        List<double[]> targets = new ArrayList<>();
        double chosenTokens = 0;
        for (int row = 0; row < rows; row++) {
            int[] tokens = tokens(row);
            int prompt = tokens.length - responseLength(row);
            int side = row / pairs();
            chosenTokens += side == 0 ? responseLength(row) : 0;
            for (int column = 0; column < tokens.length; column++) {
                int at = row * length + column;
                fields[0][at] = tokens[column];
                fields[1][at] = column;
                fields[2][at] = 1;
                fields[3][at] = column < prompt ? 0 : 1 + side;
                if (column >= prompt) {
                    targets.add(new double[] {at - 1, tokens[column], 2 * (row % pairs()) + side});
                }
            }
        }
        long[] shape = {rows, length};
        Map<String, Array> batch = new TreeMap<>();
        batch.put(BatchInputs.INPUT_IDS, new Array(shape, fields[0]));
        batch.put(BatchInputs.POSITION_IDS, new Array(shape, fields[1]));
        batch.put(BatchInputs.DOCUMENT_IDS, new Array(shape, fields[2]));
        batch.put(BatchInputs.BRANCH_IDS, new Array(shape, fields[3]));
        batch.put(BatchInputs.TARGET_POSITIONS, column(targets, 0));
        batch.put(BatchInputs.TARGET_IDS, column(targets, 1));
        batch.put(BatchInputs.TARGET_SEQUENCES, column(targets, 2));
        batch.put(
                BatchInputs.REFERENCE_LOGPS,
                new Array(new long[] {pairs(), 2}, byPair(numbers("/ref_w"), numbers("/ref_l"))));
        double[] weights = new double[pairs()];
        java.util.Arrays.fill(weights, 1.0 / pairs());
        batch.put(BatchInputs.PAIR_WEIGHTS, Array.vector(weights));
        batch.put(BatchInputs.STEP_COUNTS, Array.vector(pairs(), chosenTokens));
        return batch;
    }

    private static Array column(List<double[]> rows, int index) {
        return Array.vector(rows.stream().mapToDouble(row -> row[index]).toArray());
    }
}
