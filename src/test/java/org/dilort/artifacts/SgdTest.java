package org.dilort.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SgdTest {
    private abstract static class Contract extends OptimizerContract {
        private final double momentum;
        private final Sgd.Look look;

        Contract(double momentum, Sgd.Look look) {
            this.momentum = momentum;
            this.look = look;
        }

        @Override
        Optimizer optimizer(double weightDecay, double maxGradientNorm) {
            return new Sgd(momentum, look, weightDecay, maxGradientNorm);
        }

        @Override
        double[] change(Matrix weight, Matrix gradient, Map<String, double[]> state, long update, Rates rates) {
            double[] change = new double[weight.values().length];
            double[] sum = momentum == 0
                    ? new double[change.length]
                    : state.computeIfAbsent("momentum", kind -> new double[change.length]);
            for (int i = 0; i < change.length; i++) {
                double g = gradient.values()[i] + rates.decay() * weight.values()[i];
                sum[i] = momentum * sum[i] + g;
                change[i] = -rates.learningRate() * (look == Sgd.Look.NESTEROV ? g + momentum * sum[i] : sum[i]);
            }
            return change;
        }
    }

    @Nested
    class WithMomentum extends Contract {
        WithMomentum() {
            super(0.9, Sgd.Look.PLAIN);
        }
    }

    @Nested
    class WithNesterov extends Contract {
        WithNesterov() {
            super(0.8, Sgd.Look.NESTEROV);
        }
    }

    @Nested
    class WithoutMomentum extends Contract {
        WithoutMomentum() {
            super(0, Sgd.Look.PLAIN);
        }
    }

    private static double afterTwo(Sgd sgd) {
        try (UpdateRunner runner = new UpdateRunner(List.of(OptimizerContract.GAIN), sgd, parameter -> true)) {
            runner.set("norm.weight", 2);
            runner.set("norm.weight.gradient", 0.3);
            runner.step(0.1);
            runner.set("norm.weight.gradient", -0.1);
            runner.step(0.1);
            return runner.get("norm.weight")[0];
        }
    }

    /** Decay 0.5: g = 0.3 + 1 = 1.3 = b, W = 1.87; g = -0.1 + 0.935, b = 1.17 + 0.835 = 2.005, W = 1.6695. */
    @Test
    void momentumByHand() {
        Sgd sgd = new Sgd(0.9, Sgd.Look.PLAIN, 0.5, Double.POSITIVE_INFINITY);
        assertThat(afterTwo(sgd)).isCloseTo(1.6695, Offset.offset(1e-6));
    }

    /** g = b = 0.3, step 0.1 * 0.57; then b = 0.27 - 0.1 = 0.17, step 0.1 (-0.1 + 0.153): 2 - 0.057 - 0.0053. */
    @Test
    void nesterovByHand() {
        Sgd sgd = new Sgd(0.9, Sgd.Look.NESTEROV, 0, Double.POSITIVE_INFINITY);
        assertThat(afterTwo(sgd)).isCloseTo(1.9377, Offset.offset(1e-6));
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Sgd(1, Sgd.Look.PLAIN, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Sgd(0, Sgd.Look.NESTEROV, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Sgd(0.9, Sgd.Look.PLAIN, -1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Sgd(0.9, Sgd.Look.PLAIN, 0, Double.NaN));
    }
}
