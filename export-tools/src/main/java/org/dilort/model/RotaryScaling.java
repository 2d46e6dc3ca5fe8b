package org.dilort.model;

import java.util.List;

/** How rotary frequencies are changed for contexts longer than those of pre-training. */
public sealed interface RotaryScaling {

    /** Radians per position for each pair of {@code dimensions}; theta^(-2i / dimensions) where nothing is changed. */
    double[] frequencies(int dimensions, double theta);

    /** Factor on the rotated dimensions. */
    default double scale() {
        return 1;
    }

    /** The longest sequence that these frequencies are for, where the configuration allows {@code maxPositions}. */
    default int positions(int maxPositions) {
        return maxPositions;
    }

    /** theta^(-2i / dimensions). */
    private static double[] plain(int dimensions, double theta) {
        double[] frequencies = new double[dimensions / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = Math.pow(theta, -2.0 * i / dimensions);
        }
        return frequencies;
    }

    record None() implements RotaryScaling {
        @Override
        public double[] frequencies(int dimensions, double theta) {
            return plain(dimensions, theta);
        }
    }

    /** Position interpolation (arXiv 2306.15595): all frequencies divided by the factor. */
    record Linear(double factor) implements RotaryScaling {
        @Override
        public double[] frequencies(int dimensions, double theta) {
            double[] frequencies = plain(dimensions, theta);
            for (int i = 0; i < frequencies.length; i++) {
                frequencies[i] /= factor;
            }
            return frequencies;
        }
    }

    /**
     * Llama 3.1's scaling: wave lengths above {@code originalPositions / lowFrequencyFactor} are stretched by the factor,
     * those below {@code originalPositions / highFrequencyFactor} are kept, the ones between are blended.
     */
    record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, double originalPositions)
            implements RotaryScaling {
        @Override
        public double[] frequencies(int dimensions, double theta) {
            double[] frequencies = plain(dimensions, theta);
            for (int i = 0; i < frequencies.length; i++) {
                double wavesInContext = originalPositions * frequencies[i] / (2 * Math.PI);
                double blend = (wavesInContext - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
                frequencies[i] = blended(frequencies[i], factor, blend);
            }
            return frequencies;
        }
    }

    /** The frequency where {@code kept} is 1 or more, divided by the factor where it is 0 or less. */
    private static double blended(double frequency, double factor, double kept) {
        double share = Math.max(0, Math.min(1, kept));
        return (1 - share) * frequency / factor + share * frequency;
    }

    /**
     * Dynamic NTK: theta grows with the length of the sequence once that passes {@code originalPositions}.
     *
     * @param longest the run's longest sequence
     */
    record DynamicNtk(double factor, int originalPositions, int longest) implements RotaryScaling {
        @Override
        public double[] frequencies(int dimensions, double theta) {
            double length = Math.max(longest, originalPositions);
            double growth = factor * length / originalPositions - (factor - 1);
            return plain(dimensions, theta * Math.pow(growth, dimensions / (dimensions - 2.0)));
        }

        @Override
        public int positions(int maxPositions) {
            return Math.max(maxPositions, longest);
        }
    }

    /**
     * YaRN (arXiv 2309.00071): dimensions that turn more than {@code fastTurns} times within the original context are
     * kept, those that turn less than {@code slowTurns} times are stretched, the ones between are blended by their number.
     */
    record Yarn(double factor, double originalPositions, double fastTurns, double slowTurns, double scale)
            implements RotaryScaling {
        @Override
        public double[] frequencies(int dimensions, double theta) {
            double low = Math.max(0, Math.floor(turning(fastTurns, dimensions, theta)));
            double high = Math.min(dimensions - 1, Math.ceil(turning(slowTurns, dimensions, theta)));
            double span = high == low ? 0.001 : high - low;
            double[] frequencies = plain(dimensions, theta);
            for (int i = 0; i < frequencies.length; i++) {
                frequencies[i] = blended(frequencies[i], factor, 1 - (i - low) / span);
            }
            return frequencies;
        }

        /** The number of the pair that turns so often within the original context. */
        private double turning(double turns, int dimensions, double theta) {
            return dimensions * Math.log(originalPositions / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
        }

        @Override
        public int positions(int maxPositions) {
            return (int) Math.min(Integer.MAX_VALUE, Math.max(maxPositions, factor * originalPositions));
        }
    }

    /**
     * LongRoPE (arXiv 2402.13753): each frequency divided by a factor of its own.
     *
     * @param factors those of the run's length: the short ones within the original context, else the long ones
     * @param longest bound of the sequences that the factors are for
     */
    record LongRope(List<Double> factors, double scale, int longest) implements RotaryScaling {
        public LongRope {
            factors = List.copyOf(factors);
        }

        @Override
        public double[] frequencies(int dimensions, double theta) {
            double[] frequencies = plain(dimensions, theta);
            for (int i = 0; i < frequencies.length; i++) {
                frequencies[i] /= factors.get(i);
            }
            return frequencies;
        }

        @Override
        public int positions(int maxPositions) {
            return longest;
        }
    }
}
