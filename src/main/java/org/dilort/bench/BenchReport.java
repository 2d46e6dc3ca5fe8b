package org.dilort.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;

/**
 * One measurement.
 *
 * @param firstStepSeconds of the first step, with everything that is done once
 * @param oneBatch whether every step has the same batch; then rates are of the median step, else of the mean one
 * @param loss of the last step
 */
public record BenchReport(
        Setting setting,
        Work work,
        StepTimes times,
        double firstStepSeconds,
        boolean oneBatch,
        Resources resources,
        double loss) {
    private static final MathContext DIGITS = new MathContext(5);

    /** What was measured, under which circumstances. */
    public record Setting(
            String device, String products, int threads, String lengths, String layout, String head, long parameters) {}

    /**
     * What one step has.
     *
     * @param tokens of both sequences of every pair, as peers count them
     * @param computedTokens rows times length, padding included
     */
    public record Work(int pairs, double tokens, double computedTokens) {}

    /**
     * What the steps took of the machine.
     *
     * @param gpuMemoryMib in use by all processes at the end; 0 without a GPU
     * @param foreignCpus CPUs that other processes kept busy meanwhile; more than 0.15 spoils the times
     */
    public record Resources(long peakRssMib, long gpuMemoryMib, double foreignCpus) {}

    /** The seconds of a step that rates are made from. */
    public double stepSeconds() {
        return oneBatch
                ? StepTimes.median(times.totals())
                : Arrays.stream(times.totals()).average().orElseThrow();
    }

    /** One JSON object on one line. */
    public String toJson() {
        double step = stepSeconds();
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("device", setting.device());
        json.put("products", setting.products());
        json.put("threads", setting.threads());
        json.put("lengths", setting.lengths());
        json.put("layout", setting.layout());
        json.put("head", setting.head());
        json.put("parameters", setting.parameters());
        json.put("pairs_per_step", work.pairs());
        put(json, "tokens_per_step", work.tokens());
        put(json, "computed_tokens_per_step", work.computedTokens());
        json.put("steps", times.steps());
        put(json, "tokens_per_second", work.tokens() / step);
        put(json, "computed_tokens_per_second", work.computedTokens() / step);
        put(json, "pairs_per_second", work.pairs() / step);
        put(json, "median_step_seconds", StepTimes.median(times.totals()));
        put(json, "mean_step_seconds", Arrays.stream(times.totals()).average().orElseThrow());
        put(json, "min_step_seconds", Arrays.stream(times.totals()).min().orElseThrow());
        put(json, "median_accumulate_seconds", StepTimes.median(times.accumulate()));
        put(json, "median_update_seconds", StepTimes.median(times.update()));
        put(json, "first_step_seconds", firstStepSeconds);
        json.put("peak_rss_mib", resources.peakRssMib());
        json.put("gpu_memory_mib", resources.gpuMemoryMib());
        put(json, "foreign_cpus", resources.foreignCpus());
        put(json, "loss", loss);
        try {
            return new ObjectMapper().writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values is always JSON", e);
        }
    }

    private static void put(ObjectNode json, String name, double value) {
        if (Double.isFinite(value)) {
            json.put(name, new BigDecimal(value).round(DIGITS).doubleValue());
        } else {
            json.put(name, Double.toString(value));
        }
    }
}
