package org.dilort.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a run would take, in bytes unless said otherwise.
 *
 * @param family {@code model_type} of the model
 * @param warnings where this machine will not do
 */
public record RunPlan(
        String family, Parameters parameters, Work work, Memory memory, Disk disk, List<String> warnings) {

    public RunPlan {
        warnings = List.copyOf(warnings);
    }

    /** Numbers of weights. */
    public record Parameters(long trained, long frozen) {}

    /**
     * What is computed.
     *
     * @param pairs of the training data, those that are dropped as too long among them
     * @param rows of a full micro-batch, each of {@code rowTokens} tokens
     */
    public record Work(long pairs, long heldOut, long steps, int rows, int rowTokens) {}

    /**
     * What a training step holds at once.
     *
     * @param frozenWeights mapped from their files
     * @param activations the most that a full micro-batch's forward and backward pass keep, every token scored
     * @param available of the machine or the GPU; 0 = not known
     */
    public record Memory(
            long weights, long frozenWeights, long gradients, long optimizerState, long activations, long available) {
        long total() {
            return weights + frozenWeights + gradients + optimizerState + activations;
        }

        private List<String> lines() {
            return List.of(
                    size("weights", weights),
                    size("frozen weights", frozenWeights),
                    size("gradients", gradients),
                    size("optimizer state", optimizerState),
                    size("activations", activations),
                    size("together", total()));
        }
    }

    /**
     * What the output folder holds at its fullest.
     *
     * @param start the state at the beginning, whose sums and moments are one stretch of zeros
     * @param states checkpoints there at once: those that are kept, the one being written, and an evaluation's
     * @param delivered {@code hf/}, {@code export/} and {@code adapter/}
     * @param available where the output folder is or will be; 0 = not known
     */
    public record Disk(long start, long checkpoint, long states, long delivered, long available) {
        long total() {
            return start + checkpoint * states + delivered;
        }

        private List<String> lines() {
            return List.of(
                    size("artifacts", start),
                    size("a checkpoint", checkpoint) + " x " + states,
                    size("hf, export, adapter", delivered),
                    size("together", total()));
        }
    }

    /** For people. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "model: %s, %,d parameters trained, %,d frozen",
                family,
                parameters.trained(),
                parameters.frozen()));
        lines.add(String.format(
                Locale.ROOT, "data: %,d pairs, %,d held out; %,d steps", work.pairs(), work.heldOut(), work.steps()));
        lines.add(String.format(
                Locale.ROOT,
                "memory of a step, micro-batches of %,d rows of %,d tokens:",
                work.rows(),
                work.rowTokens()));
        lines.addAll(memory.lines());
        lines.add("disk:");
        lines.addAll(disk.lines());
        warnings.forEach(warning -> lines.add("warning: " + warning));
        return lines;
    }

    private static String size(String what, long bytes) {
        return String.format(Locale.ROOT, "  %-20s %,12.1f MiB", what, mebibytes(bytes));
    }

    static double mebibytes(long bytes) {
        return bytes / (double) (1 << 20);
    }

    /** One JSON object on one line. */
    public String toJson() {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("family", family);
        json.put("trained_parameters", parameters.trained());
        json.put("frozen_parameters", parameters.frozen());
        json.put("pairs", work.pairs());
        json.put("held_out_pairs", work.heldOut());
        json.put("steps", work.steps());
        json.put("micro_batch_rows", work.rows());
        json.put("row_tokens", work.rowTokens());
        json.putObject("memory_bytes")
                .put("weights", memory.weights())
                .put("frozen_weights", memory.frozenWeights())
                .put("gradients", memory.gradients())
                .put("optimizer_state", memory.optimizerState())
                .put("activations", memory.activations())
                .put("total", memory.total())
                .put("available", memory.available());
        json.putObject("disk_bytes")
                .put("start", disk.start())
                .put("checkpoint", disk.checkpoint())
                .put("checkpoints", disk.states())
                .put("delivered", disk.delivered())
                .put("total", disk.total())
                .put("available", disk.available());
        warnings.forEach(json.putArray("warnings")::add);
        return json.toString();
    }
}
