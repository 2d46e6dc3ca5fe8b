package org.dilort.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class AdamWTest extends OptimizerContract {

    @Override
    Optimizer optimizer(double weightDecay, double maxGradientNorm) {
        return new AdamW(0.9, 0.999, 1e-8, weightDecay, maxGradientNorm);
    }

    @Override
    double[] change(Matrix weight, Matrix gradient, Map<String, double[]> state, long update, Rates rates) {
        double[] first = state.computeIfAbsent("moment1", kind -> new double[weight.values().length]);
        double[] second = state.computeIfAbsent("moment2", kind -> new double[weight.values().length]);
        double[] change = new double[first.length];
        for (int i = 0; i < change.length; i++) {
            double g = gradient.values()[i];
            first[i] = 0.9 * first[i] + 0.1 * g;
            second[i] = 0.999 * second[i] + 0.001 * g * g;
            double m = first[i] / (1 - Math.pow(0.9, update));
            double v = second[i] / (1 - Math.pow(0.999, update));
            change[i] = -rates.learningRate() * (m / (Math.sqrt(v) + 1e-8) + rates.decay() * weight.values()[i]);
        }
        return change;
    }

    /**
     * g = 0.3: both corrected moments are those of one gradient, m = 0.3 and v = 0.09, so the step is the learning rate:
     * 2 - 0.1 * 1. Then g = -0.1: m = (0.9 * 0.03 - 0.01) / 0.19 = 0.0894737, v = (0.999 * 9e-5 + 1e-5) / 0.001999 =
     * 0.0499800, m / sqrt(v) = 0.400221.
     */
    @Test
    void byHand() {
        try (UpdateRunner runner =
                new UpdateRunner(List.of(GAIN), optimizer(0, Double.POSITIVE_INFINITY), parameter -> true)) {
            runner.set(GAIN.name(), 2);
            runner.set("norm.weight.gradient", 0.3);
            runner.step(0.1);
            assertThat(runner.get(GAIN.name())[0]).isCloseTo(1.9, Offset.offset(1e-6));
            runner.set("norm.weight.gradient", -0.1);
            runner.step(0.1);
            assertThat(runner.get(GAIN.name())[0]).isCloseTo(1.9 - 0.0400221, Offset.offset(1e-6));
        }
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new AdamW(1, 0.9, 1e-8, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new AdamW(0.9, -0.1, 1e-8, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new AdamW(0.9, 0.9, 0, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new AdamW(0.9, 0.9, 1e-8, -1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new AdamW(0.9, 0.9, 1e-8, 0, 0));
    }
}
