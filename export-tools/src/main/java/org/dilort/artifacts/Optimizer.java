package org.dilort.artifacts;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.dilort.model.Parameter;
import org.dilort.onnx.Shape;

/**
 * A rule that turns gradients into new parameters, written into a graph one parameter at a time; {@link UpdateGraph} clips
 * the gradients before.
 */
public sealed interface Optimizer permits AdamW, FusedAdamW, Sgd, Lion, Adafactor {
    /** Every rule's first scalar. */
    String LEARNING_RATE = "learning_rate";

    /** As the configuration names it. */
    String name();

    double weightDecay();

    /** Bound of the global gradient norm; infinity clips nothing. */
    double maxGradientNorm();

    /** The rule's own settings, under the configuration's keys in the section {@code train}. */
    SortedMap<String, String> settings();

    /** What is kept of a parameter from update to update, zero at the beginning. */
    List<StateTensor> state(Parameter parameter);

    /**
     * The numbers that change from update to update, which the graph takes as scalar inputs.
     *
     * @param update number of this update among those applied, from 1
     */
    Map<String, Double> scalars(double learningRate, long update);

    /** Adds the nodes of one parameter's update. */
    void write(ParameterUpdate update);

    /**
     * A tensor that an optimizer keeps for a parameter.
     *
     * @param kind tells it from the parameter's others; see {@link StateNames#of}
     */
    record StateTensor(String kind, Shape shape) {}
}
