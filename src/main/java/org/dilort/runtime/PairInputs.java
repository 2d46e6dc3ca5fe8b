package org.dilort.runtime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dilort.artifacts.ObjectiveGraph;
import org.dilort.model.BatchInputs;

/** The pairs of several micro-batches, with what a model says of them, as the inputs of an objective over them all. */
public final class PairInputs {
    private final Map<String, List<float[]>> parts = new LinkedHashMap<>();
    private int pairs;

    /** @param scores a model's outputs for the batch, by name */
    public void add(MicroBatch batch, Map<String, float[]> scores) {
        scores.forEach(this::put);
        put(ObjectiveGraph.REFERENCE_LOGPS, batch.referenceLogps());
        put(ObjectiveGraph.LENGTHS, batch.sequenceLengths());
        put("reference_token_logps", batch.referenceTokenLogps());
        float[] sequences = new float[batch.targets()];
        for (int i = 0; i < sequences.length; i++) {
            sequences[i] = 2L * pairs + batch.targetSequences()[i];
        }
        put(BatchInputs.TARGET_SEQUENCES, sequences);
        pairs += batch.pairs();
    }

    private void put(String name, float[] values) {
        parts.computeIfAbsent(name, key -> new ArrayList<>()).add(values);
    }

    public int pairs() {
        return pairs;
    }

    /** Pairs and scored chosen tokens, {@code [2]}. */
    float[] stepCounts() {
        float[] lengths = joined(ObjectiveGraph.LENGTHS);
        float chosen = 0;
        for (int i = 0; i < lengths.length; i += 2) {
            chosen += lengths[i];
        }
        return new float[] {pairs, chosen};
    }

    /** The values of all batches one after the other, by name. */
    Map<String, float[]> joined() {
        Map<String, float[]> all = new LinkedHashMap<>();
        parts.keySet().forEach(name -> all.put(name, joined(name)));
        return all;
    }

    public float[] joined(String name) {
        List<float[]> own = parts.getOrDefault(name, List.of());
        float[] all = new float[own.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : own) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
