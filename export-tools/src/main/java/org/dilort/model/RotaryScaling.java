package org.dilort.model;

/** How rotary frequencies are stretched for contexts longer than those of pre-training. */
public sealed interface RotaryScaling {

    /** The frequency to use in place of {@code frequency}, both in radians per position. */
    double scaled(double frequency);

    /** theta^(-2i / dimensions) for each pair of dimensions, scaled. */
    default double[] frequencies(int dimensions, double theta) {
        double[] frequencies = new double[dimensions / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = scaled(Math.pow(theta, -2.0 * i / dimensions));
        }
        return frequencies;
    }

    record None() implements RotaryScaling {
        @Override
        public double scaled(double frequency) {
            return frequency;
        }
    }

    /** Position interpolation (arXiv 2306.15595): all frequencies divided by the factor. */
    record Linear(double factor) implements RotaryScaling {
        @Override
        public double scaled(double frequency) {
            return frequency / factor;
        }
    }

    /**
     * Llama 3.1's scaling: wave lengths above {@code originalPositions / lowFrequencyFactor} are stretched by the factor,
     * those below {@code originalPositions / highFrequencyFactor} are kept, the ones between are blended.
     */
    record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, double originalPositions)
            implements RotaryScaling {
        @Override
        public double scaled(double frequency) {
            double wavesInContext = originalPositions * frequency / (2 * Math.PI);
            double blend = (wavesInContext - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
            double kept = Math.max(0, Math.min(1, blend));
            return (1 - kept) * frequency / factor + kept * frequency;
        }
    }
}
