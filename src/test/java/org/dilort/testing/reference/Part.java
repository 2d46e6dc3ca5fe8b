package org.dilort.testing.reference;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/** A piece of a model: a sequence {@code [tokens][width]} to one of the same number of tokens. */
@FunctionalInterface
interface Part {
    double[][] apply(double[][] x);

    /** This part, then the others. */
    default Part then(Part next) {
        return x -> next.apply(apply(x));
    }

    /** x + last(... first(x)). */
    static Part residual(Part... parts) {
        Part inside = chain(parts);
        return x -> sum(x, inside.apply(x));
    }

    static Part chain(Part... parts) {
        return Arrays.stream(parts).reduce(x -> x, Part::then);
    }

    static Part elementwise(DoubleUnaryOperator function) {
        return x -> map(x, row -> Arrays.stream(row).map(function).toArray());
    }

    /** One token after the other. */
    static double[][] map(double[][] x, java.util.function.UnaryOperator<double[]> function) {
        return Arrays.stream(x).map(function).toArray(double[][]::new);
    }

    static double[][] sum(double[][] a, double[][] b) {
        return combine(a, b, Double::sum);
    }

    static double[][] product(double[][] a, double[][] b) {
        return combine(a, b, (p, q) -> p * q);
    }

    private static double[][] combine(double[][] a, double[][] b, java.util.function.DoubleBinaryOperator operator) {
        double[][] out = new double[a.length][a[0].length];
        for (int token = 0; token < out.length; token++) {
            for (int i = 0; i < out[token].length; i++) {
                out[token][i] = operator.applyAsDouble(a[token][i], b[token][i]);
            }
        }
        return out;
    }
}
