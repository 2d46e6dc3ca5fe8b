package org.dilort.runtime;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dilort.artifacts.ObjectiveGraph;
import org.dilort.artifacts.StateNames;
import org.dilort.artifacts.TrainingGraph;
import org.dilort.heads.HeadGraph;
import org.dilort.heads.Objective;
import org.dilort.heads.OptionalInput;

/**
 * An objective in a session of its own: what heads that see a whole step are differentiated by, and what evaluation
 * uses, so that its numbers mean what those of training mean.
 */
public final class OrtObjective implements AutoCloseable {
    private final Objective objective;
    private final OrtHeadProbe session;

    /**
     * All pairs taken together as one step.
     *
     * @param loss the mean over the pairs
     * @param losses {@code [pairs]}
     * @param rewards {@code [pairs * 2]}
     * @param gradients d loss / d output by the names of {@link Objective#carriers}, each as long as the output
     * @param nextState as long as {@link Objective#stateSize}
     */
    public record Scores(
            float loss,
            float[] losses,
            float[] rewards,
            PairFlags flags,
            Map<String, float[]> gradients,
            float[] nextState) {}

    public OrtObjective(Objective objective) {
        this.objective = objective;
        this.session = new OrtHeadProbe(ObjectiveGraph.build(objective));
    }

    /** @param state what the heads remember of earlier steps, {@link Objective#stateSize} values, zeros at first */
    public Scores score(PairInputs pairs, float[] state) {
        Map<String, float[]> values = new LinkedHashMap<>(pairs.joined());
        values.put(ObjectiveGraph.STEP_COUNTS, pairs.stepCounts());
        values.put(OptionalInput.STATE.names().get(0), state);
        Map<String, double[]> inputs = new LinkedHashMap<>();
        values.forEach((name, floats) -> inputs.put(name, doubles(floats)));
        Map<String, float[]> outputs = new LinkedHashMap<>();
        session.run(inputs).forEach((name, doubles) -> outputs.put(name, floats(doubles)));
        Map<String, float[]> gradients = new LinkedHashMap<>();
        for (String carrier : objective.carriers()) {
            gradients.put(carrier, outputs.get(StateNames.gradient(carrier)));
        }
        return new Scores(
                outputs.get(TrainingGraph.LOSS)[0],
                outputs.get(HeadGraph.LOSSES),
                outputs.get(HeadGraph.REWARDS),
                new PairFlags(outputs.get(HeadGraph.SATURATED), outputs.get(TrainingGraph.SKIPPED)),
                gradients,
                outputs.getOrDefault(HeadGraph.NEXT_STATE, new float[0]));
    }

    private static double[] doubles(float[] floats) {
        double[] doubles = new double[floats.length];
        Arrays.setAll(doubles, i -> floats[i]);
        return doubles;
    }

    /** Without loss: every output is float. */
    private static float[] floats(double[] doubles) {
        float[] floats = new float[doubles.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) doubles[i];
        }
        return floats;
    }

    @Override
    public void close() {
        session.close();
    }
}
