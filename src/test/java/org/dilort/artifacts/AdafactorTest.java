package org.dilort.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.dilort.model.Parameter;
import org.dilort.onnx.Shape;
import org.junit.jupiter.api.Test;

class AdafactorTest extends OptimizerContract {

    @Override
    Optimizer optimizer(double weightDecay, double maxGradientNorm) {
        return new Adafactor(0.8, 1e-30, 1, weightDecay, maxGradientNorm);
    }

    @Override
    double[] change(Matrix weight, Matrix gradient, Map<String, double[]> state, long update, Rates rates) {
        double beta2 = 1 - Math.pow(update, -0.8);
        double[] direction = weight.parameter().shape().rank() < 2
                ? ofVector(gradient, state, beta2)
                : ofMatrix(gradient, state, beta2);
        double rms = Math.sqrt(Arrays.stream(direction).map(u -> u * u).sum() / direction.length);
        double[] change = new double[direction.length];
        for (int i = 0; i < change.length; i++) {
            change[i] = -rates.learningRate() * (direction[i] / Math.max(1, rms) + rates.decay() * weight.values()[i]);
        }
        return change;
    }

    private static double[] ofVector(Matrix gradient, Map<String, double[]> state, double beta2) {
        double[] second = state.computeIfAbsent("moment2", kind -> new double[gradient.columns()]);
        double[] direction = new double[second.length];
        for (int i = 0; i < direction.length; i++) {
            double g = gradient.values()[i];
            second[i] = beta2 * second[i] + (1 - beta2) * (g * g + 1e-30);
            direction[i] = g / Math.sqrt(second[i]);
        }
        return direction;
    }

    private static double[] ofMatrix(Matrix gradient, Map<String, double[]> state, double beta2) {
        double[] rows = state.computeIfAbsent("rows", kind -> new double[gradient.rows()]);
        double[] columns = state.computeIfAbsent("columns", kind -> new double[gradient.columns()]);
        double[] rowMeans = new double[rows.length];
        double[] columnMeans = new double[columns.length];
        for (int row = 0; row < rows.length; row++) {
            for (int column = 0; column < columns.length; column++) {
                double square = gradient.at(row, column) * gradient.at(row, column) + 1e-30;
                rowMeans[row] += square / columns.length;
                columnMeans[column] += square / rows.length;
            }
        }
        Arrays.setAll(rows, i -> beta2 * rows[i] + (1 - beta2) * rowMeans[i]);
        Arrays.setAll(columns, i -> beta2 * columns[i] + (1 - beta2) * columnMeans[i]);
        double mean = Arrays.stream(rows).average().orElseThrow();
        double[] direction = new double[rows.length * columns.length];
        for (int i = 0; i < direction.length; i++) {
            double second = rows[i / columns.length] * columns[i % columns.length] / mean;
            direction[i] = gradient.values()[i] / Math.sqrt(second);
        }
        return direction;
    }

    /**
     * Two rows of two: g = [3 0; 4 0]. Squares 9 0 16 0; row means 4.5, 8; column means 12.5, 0; mean of the row means
     * 6.25, so the second moments of the first column are 4.5 * 12.5 / 6.25 = 9 and 16, and u = [1 0; 1 0]: rms sqrt(1/2)
     * is no more than 1. With learning rate 0.1 the first column falls by 0.1. Again with g doubled: k = 2^-0.8 =
     * 0.574349, each mean is 1 + 3 k = 2.723048 times its first, u = 2 / sqrt(2.723048) = 1.211997, rms 0.857011.
     */
    @Test
    void matrixByHand() {
        Parameter square = Parameter.matrix("w", 2, 2);
        try (UpdateRunner runner =
                new UpdateRunner(List.of(square), optimizer(0, Double.POSITIVE_INFINITY), parameter -> true)) {
            runner.set("w", 1, 1, 1, 1);
            runner.set("w.gradient", 3, 0, 4, 0);
            runner.step(0.1);
            assertThat(runner.get("w")).containsExactly(new double[] {0.9, 1, 0.9, 1}, Offset.offset(1e-6));
            assertThat(runner.get("w.rows")).containsExactly(4.5, 8);
            assertThat(runner.get("w.columns")[0]).isEqualTo(12.5);
            runner.set("w.gradient", 6, 0, 8, 0);
            runner.step(0.1);
            double second = 0.9 - 0.1211997;
            assertThat(runner.get("w")).containsExactly(new double[] {second, 1, second, 1}, Offset.offset(1e-6));
        }
    }

    /**
     * A vector that grows: g = 0.1, then 1. V = 0.01, then 0.425651 * 0.01 + 0.574349 = 0.578606; u = 1.314647 in all
     * elements is divided by its rms, and each falls by the learning rate.
     */
    @Test
    void updateIsClippedByItsRootMeanSquare() {
        try (UpdateRunner runner =
                new UpdateRunner(List.of(GAIN), optimizer(0, Double.POSITIVE_INFINITY), parameter -> true)) {
            runner.set(StateNames.gradient(GAIN.name()), 0.1, 0.1, 0.1, 0.1, 0.1);
            runner.step(0.1);
            assertThat(runner.get(GAIN.name())[0]).isCloseTo(-0.1, Offset.offset(1e-6));
            runner.set(StateNames.gradient(GAIN.name()), 1, 1, 1, 1, 1);
            runner.step(0.1);
            assertThat(runner.get("norm.weight.moment2")[0]).isCloseTo(0.578606, Offset.offset(1e-6));
            assertThat(runner.get(GAIN.name())[0]).isCloseTo(-0.2, Offset.offset(1e-6));
        }
    }

    @Test
    void keepsRowsAndColumnsInsteadOfTheMatrix() {
        assertThat(optimizer(0, 1).state(MATRIX))
                .containsExactly(
                        new Optimizer.StateTensor("rows", Shape.of(3, 1)),
                        new Optimizer.StateTensor("columns", Shape.of(1, 4)));
        assertThat(optimizer(0, 1).state(GAIN)).containsExactly(new Optimizer.StateTensor("moment2", GAIN.shape()));
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Adafactor(-0.8, 1e-30, 1, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Adafactor(0.8, 1e-40, 1, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Adafactor(0.8, 1e-30, 0, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Adafactor(0.8, 1e-30, 1, -1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Adafactor(0.8, 1e-30, 1, 0, 0));
    }
}
