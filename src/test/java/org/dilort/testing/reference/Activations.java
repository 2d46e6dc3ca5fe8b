package org.dilort.testing.reference;

/** The activations of the families, in double. */
final class Activations {
    private Activations() {}

    static double silu(double x) {
        return x / (1 + Math.exp(-x));
    }

    /** x times the normal distribution function of x (arXiv 1606.08415). */
    static double gelu(double x) {
        return 0.5 * x * (1 + erf(x / Math.sqrt(2)));
    }

    /** The same paper's approximation by tanh. */
    static double geluTanh(double x) {
        return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }

    /** cap tanh(x / cap); x itself for an infinite cap. */
    static double softCap(double x, double cap) {
        return Double.isInfinite(cap) ? x : cap * Math.tanh(x / cap);
    }

    /** 2/sqrt(pi) e^(-x²) times the sum of 2ⁿ x^(2n+1) / (2n+1)!!, whose terms all have one sign (DLMF 7.6.2). */
    static double erf(double x) {
        if (Math.abs(x) > 6) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }
}
