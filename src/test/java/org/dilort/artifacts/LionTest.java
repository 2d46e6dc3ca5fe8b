package org.dilort.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class LionTest extends OptimizerContract {

    @Override
    Optimizer optimizer(double weightDecay, double maxGradientNorm) {
        return new Lion(0.9, 0.99, weightDecay, maxGradientNorm);
    }

    @Override
    double[] change(Matrix weight, Matrix gradient, Map<String, double[]> state, long update, Rates rates) {
        double[] momentum = state.computeIfAbsent("momentum", kind -> new double[weight.values().length]);
        double[] change = new double[momentum.length];
        for (int i = 0; i < change.length; i++) {
            double g = gradient.values()[i];
            double between = 0.9 * momentum[i] + 0.1 * g;
            momentum[i] = 0.99 * momentum[i] + 0.01 * g;
            change[i] = -rates.learningRate() * (Math.signum(between) + rates.decay() * weight.values()[i]);
        }
        return change;
    }

    /**
     * g = 0.3: c = 0.03, W = 2 - 0.1 (1 + 0.5 * 2) = 1.8, m = 0.003. g = -0.02: c = 0.0027 - 0.002 > 0, so against the
     * gradient W = 1.8 - 0.1 (1 + 0.9) = 1.61, m = 0.00297 - 0.0002 = 0.00277.
     */
    @Test
    void byHand() {
        try (UpdateRunner runner =
                new UpdateRunner(List.of(GAIN), optimizer(0.5, Double.POSITIVE_INFINITY), parameter -> true)) {
            runner.set(GAIN.name(), 2);
            runner.set("norm.weight.gradient", 0.3);
            runner.step(0.1);
            assertThat(runner.get(GAIN.name())[0]).isCloseTo(1.8, Offset.offset(1e-6));
            runner.set("norm.weight.gradient", -0.02);
            runner.step(0.1);
            assertThat(runner.get(GAIN.name())[0]).isCloseTo(1.61, Offset.offset(1e-6));
            assertThat(runner.get("norm.weight.momentum")[0]).isCloseTo(0.00277, Offset.offset(1e-8));
        }
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Lion(1, 0.9, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Lion(0.9, -0.1, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Lion(0.9, 0.9, Double.NaN, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Lion(0.9, 0.9, 0, -1));
    }
}
