package org.dilort.train;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * The lines of {@code metrics.jsonl}.
 *
 * <p>Keys of a step, in this order: {@code step, epoch, loss, grad_norm, learning_rate, rewards/chosen,
 * rewards/rejected, rewards/margins, rewards/accuracies, logps/chosen, logps/rejected, head/saturated, head/skipped,
 * tokens_per_second, computed_tokens_per_second, packing_efficiency, step_seconds, num_tokens}, then {@code
 * skipped_updates} once an update was skipped. Without rejected responses their two keys, margins and accuracies are left out. {@code num_tokens} and {@code skipped_updates} are
 * running totals over the whole run; all else is of the step.
 *
 * <p>Keys of an evaluation: {@code step}, then its metrics in alphabetical order with the prefix {@code eval_}.
 *
 * <p>A number is written as the shortest decimal that reads back to the same double, on every JVM; one that is not
 * finite as {@code null}, since JSON has no other way.
 */
final class MetricsLines {

    private MetricsLines() {}

    static byte[] of(StepReport report) {
        return object(json -> {
            json.writeNumberField("step", report.step());
            for (Map.Entry<String, Double> metric : report.metrics().entrySet()) {
                number(json, metric.getKey(), metric.getValue());
            }
            json.writeNumberField("num_tokens", report.state().numTokens());
            if (report.state().skippedUpdates() > 0) {
                json.writeNumberField("skipped_updates", report.state().skippedUpdates());
            }
        });
    }

    static byte[] of(EvaluationReport report) {
        return object(json -> {
            json.writeNumberField("step", report.step());
            for (Map.Entry<String, Double> metric : report.metrics().entrySet()) {
                number(json, "eval_" + metric.getKey(), metric.getValue());
            }
        });
    }

    private static void number(JsonGenerator json, String name, double value) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumberField(name, value);
        } else {
            json.writeNullField(name);
        }
    }

    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    private static byte[] object(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = Json.MAPPER.createGenerator(bytes)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
