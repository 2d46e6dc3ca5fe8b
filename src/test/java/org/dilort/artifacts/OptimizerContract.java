package org.dilort.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.dilort.autodiff.Form;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Objective;
import org.dilort.model.Parameter;
import org.dilort.model.TokenLogProbs.Chunks;
import org.dilort.onnx.DType;
import org.dilort.onnx.Value;
import org.dilort.runtime.OrtPolicy;
import org.dilort.runtime.SessionSettings;
import org.dilort.testing.Array;
import org.dilort.testing.Batches;
import org.dilort.testing.GoldenModel;
import org.dilort.testing.GraphRunner;
import org.dilort.weights.SafetensorsFolder;
import org.dilort.weights.WeightSource;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every optimizer must keep: its formula in double over several steps, with clipping and decay, by itself and in a
 * training session; no change where a gradient is not finite. An optimizer's test extends this with the formula and adds
 * numbers by hand.
 */
abstract class OptimizerContract {
    private static final long SEED = Long.getLong("dil.seed", 20261203L);
    private static final double LEARNING_RATE = 0.01;
    private static final GoldenModel GOLDEN = GoldenModel.load("llama_gqa_tied");
    private static final GraphOptions OPTIONS = new GraphOptions(DType.FLOAT, Form.PLAIN, Chunks.WHOLE, 64);

    static final Parameter MATRIX = Parameter.matrix("layer.weight", 3, 4);
    static final Parameter GAIN = Parameter.gain("norm.weight", 5);

    @TempDir
    private Path folder;

    /** With settings that are the optimizer's usual ones. */
    abstract Optimizer optimizer(double weightDecay, double maxGradientNorm);

    /**
     * The formula, in double.
     *
     * @param gradient clipped
     * @param state by kind, nothing at the first update; changed in place
     * @param update number of the update, from 1
     * @return what is added to the weight
     */
    abstract double[] change(Matrix weight, Matrix gradient, Map<String, double[]> state, long update, Rates rates);

    /** Learning rate and this parameter's weight decay, 0 for none. */
    record Rates(double learningRate, double decay) {}

    /** Row-major; a vector has one row. */
    record Matrix(Parameter parameter, double[] values) {
        int rows() {
            return parameter.shape().rank() < 2
                    ? 1
                    : (int) parameter.shape().dim(0).value();
        }

        int columns() {
            return values.length / rows();
        }

        double at(int row, int column) {
            return values[row * columns() + column];
        }
    }

    /** The optimizer over some parameters, in double. */
    private final class Reference {
        private final List<Parameter> parameters;
        private final Optimizer settings;
        private final Predicate<Parameter> decayed;
        private final Map<String, double[]> weights;
        private final Map<String, Map<String, double[]>> states = new HashMap<>();
        private long update;

        Reference(Optimizer settings, Predicate<Parameter> decayed, List<Parameter> parameters, Weights weights) {
            this.parameters = parameters;
            this.settings = settings;
            this.decayed = decayed;
            this.weights = new HashMap<>();
            parameters.forEach(parameter ->
                    this.weights.put(parameter.name(), weights.of(parameter).clone()));
        }

        /** Gives the norm of all gradients. */
        double step(double learningRate, Map<String, double[]> gradients) {
            update++;
            double norm = Math.sqrt(gradients.values().stream()
                    .flatMapToDouble(Arrays::stream)
                    .map(x -> x * x)
                    .sum());
            double factor = Math.min(1, settings.maxGradientNorm() / (norm + 1e-6));
            for (Parameter parameter : parameters) {
                String name = parameter.name();
                double[] weight = weights.get(name);
                double[] clipped =
                        Arrays.stream(gradients.get(name)).map(x -> x * factor).toArray();
                double[] change = change(
                        new Matrix(parameter, weight),
                        new Matrix(parameter, clipped),
                        states.computeIfAbsent(name, key -> new HashMap<>()),
                        update,
                        new Rates(learningRate, decayed.test(parameter) ? settings.weightDecay() : 0));
                Arrays.setAll(weight, i -> weight[i] + change[i]);
            }
            return norm;
        }
    }

    private interface Weights {
        double[] of(Parameter parameter);
    }

    @TestFactory
    Stream<DynamicTest> followsItsFormula() {
        return Stream.of(0.0, 0.1)
                .flatMap(decay -> Stream.of(0.5, Double.POSITIVE_INFINITY)
                        .map(norm -> dynamicTest(
                                "decay " + decay + ", norm up to " + norm + ", seed " + SEED,
                                () -> follow(optimizer(decay, norm)))));
    }

    private void follow(Optimizer optimizer) {
        SplittableRandom random = new SplittableRandom(SEED);
        List<Parameter> parameters = List.of(MATRIX, GAIN);
        Predicate<Parameter> decayed = parameter -> parameter.equals(MATRIX);
        Reference reference = new Reference(optimizer, decayed, parameters, parameter -> draw(random, parameter));
        try (UpdateRunner runner = new UpdateRunner(parameters, optimizer, decayed)) {
            reference.weights.forEach(runner::set);
            for (int update = 1; update <= 6; update++) {
                Map<String, double[]> gradients = new TreeMap<>();
                parameters.forEach(parameter -> gradients.put(parameter.name(), draw(random, parameter)));
                gradients.forEach((name, values) -> runner.set(StateNames.gradient(name), values));
                double norm = reference.step(LEARNING_RATE / update, gradients);
                assertThat(runner.step(LEARNING_RATE / update)).isCloseTo(norm, Offset.offset(1e-6 * norm));
                parameters.forEach(parameter -> compare(runner, reference, parameter));
            }
        }
    }

    private void compare(UpdateRunner runner, Reference reference, Parameter parameter) {
        String name = parameter.name();
        assertThat(runner.get(name))
                .as("%s after update %d", name, reference.update)
                .containsExactly(reference.weights.get(name), Offset.offset(1e-6));
        Map<String, double[]> state = reference.states.get(name);
        List<Optimizer.StateTensor> kept = reference.settings.state(parameter);
        assertThat(kept).extracting(Optimizer.StateTensor::kind).containsExactlyInAnyOrderElementsOf(state.keySet());
        state.forEach((kind, values) -> assertThat(runner.get(StateNames.of(name, kind)))
                .as("%s of %s after update %d", kind, name, reference.update)
                .containsExactly(values, Offset.offset(2e-6)));
    }

    private static double[] draw(SplittableRandom random, Parameter parameter) {
        return random.doubles(parameter.elements(), -1, 1).toArray();
    }

    /** At the first update, where all state is zero, and at later ones. */
    @Test
    void gradientThatIsNotFiniteChangesNothing() {
        try (UpdateRunner runner = new UpdateRunner(List.of(MATRIX, GAIN), optimizer(0.1, 1), parameter -> true)) {
            runner.set(MATRIX.name(), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
            runner.set(GAIN.name(), 1, 1, 1, 1, 1);
            for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, 1e30}) {
                runner.set(StateNames.gradient(MATRIX.name()), bad, 1, 1);
                Map<String, List<Double>> before = runner.tensors();
                assertThat(runner.step(LEARNING_RATE)).isNotFinite();
                assertThat(runner.tensors()).isEqualTo(before);
                runner.set(StateNames.gradient(MATRIX.name()), 0.1);
                assertThat(runner.step(LEARNING_RATE)).isFinite();
                assertThat(runner.tensors()).isNotEqualTo(before);
            }
        }
    }

    @Test
    void gradientOfZeroLeavesTheWeights() {
        try (UpdateRunner runner = new UpdateRunner(List.of(MATRIX, GAIN), optimizer(0, 1), parameter -> true)) {
            runner.set(GAIN.name(), 1, 1, 1, 1, 1);
            for (int update = 0; update < 3; update++) {
                assertThat(runner.step(LEARNING_RATE)).isZero();
            }
            assertThat(runner.get(GAIN.name())).containsOnly(1.0);
            assertThat(runner.get(MATRIX.name())).containsOnly(0.0);
        }
    }

    /** ONNX Runtime feeds both by position. */
    @Test
    void trainingAndUpdateGraphDeclareTheSameStateInTheSameOrder() {
        Optimizer optimizer = optimizer(0.1, 1);
        List<Parameter> parameters = GOLDEN.model().parameters();
        List<Value> training = TrainingGraph.build(GOLDEN.model(), Objective.of(HeadSpec.of("dpo")), OPTIONS, optimizer)
                .inputs();
        List<Value> update = UpdateGraph.build(parameters, optimizer, parameter -> true, Form.PLAIN)
                .inputs();
        int tensors = parameters.stream()
                .mapToInt(parameter -> 2 + optimizer.state(parameter).size())
                .sum();
        List<Value> declared = from(parameters.get(0).name(), training);
        assertThat(declared).hasSize(tensors + 1); // and the flag that ends a sum
        assertThat(from(parameters.get(0).name(), update)).isEqualTo(declared.subList(0, tensors));
    }

    private static List<Value> from(String first, List<Value> inputs) {
        List<String> names = inputs.stream().map(Value::name).toList();
        return inputs.subList(names.indexOf(first), inputs.size());
    }

    /** Losses and gradient norms of a model that ONNX Runtime trains, against the formula from the same gradients. */
    @Test
    void trainingSessionFollowsTheFormula() {
        Optimizer optimizer = optimizer(0.01, 1);
        List<Parameter> parameters = GOLDEN.model().parameters();
        Map<String, Array> initial = GOLDEN.weights();
        Predicate<Parameter> all = parameter -> true;
        Reference reference = new Reference(
                optimizer,
                all,
                parameters,
                parameter -> initial.get(parameter.name()).values());
        Objective dpo = Objective.of(HeadSpec.of("dpo"));
        try (GraphRunner gradients = new GraphRunner(TrainingGraph.withGradientOutputs(GOLDEN.model(), dpo, OPTIONS));
                OrtPolicy policy = open(new TrainingArtifacts.Recipe(GOLDEN.model(), dpo, OPTIONS, optimizer, all))) {
            for (int update = 0; update < 4; update++) {
                Map<String, Array> inputs = new HashMap<>(GOLDEN.plainBatch());
                parameters.forEach(parameter -> inputs.put(
                        parameter.name(),
                        new Array(parameter.shape().toArray(), reference.weights.get(parameter.name()))));
                Map<String, Array> outputs = gradients.run(inputs);
                double loss = outputs.get(TrainingGraph.LOSS).values()[0];
                assertThat((double) policy.accumulate(Batches.of(GOLDEN.plainBatch()))
                                .loss())
                        .as("loss of update %d", update)
                        .isCloseTo(loss, Offset.offset(1e-4 * Math.abs(loss)));
                double norm = reference.step(LEARNING_RATE, gradientsOf(parameters, outputs));
                assertThat(policy.update(LEARNING_RATE).gradientNorm())
                        .as("norm of update %d", update)
                        .isCloseTo(norm, Offset.offset(1e-4 * norm));
            }
        }
    }

    private static Map<String, double[]> gradientsOf(List<Parameter> parameters, Map<String, Array> outputs) {
        Map<String, double[]> gradients = new HashMap<>();
        for (Parameter parameter : parameters) {
            String name = parameter.name();
            gradients.put(name, outputs.get(StateNames.gradient(name)).values());
        }
        return gradients;
    }

    private OrtPolicy open(TrainingArtifacts.Recipe recipe) {
        TrainingArtifacts artifacts = new TrainingArtifacts(folder);
        artifacts.writeGraphs(recipe);
        try (WeightSource weights = SafetensorsFolder.open(GOLDEN.folder())) {
            artifacts.writeCheckpoint(recipe.model(), recipe.optimizer(), new InitialWeights.Pretrained(weights));
        }
        return OrtPolicy.open(artifacts, recipe, artifacts.checkpoint(), 0, new SessionSettings(1));
    }
}
