package org.dilort.artifacts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.dilort.testing.GoldenModel;

/**
 * A golden model's parameter gradients for heads that it does not record.
 *
 * <p>A parameter's gradient is linear in what a loss sends to the six sequence log-probabilities: G(head) = sum over
 * sequences s of d loss / d logp_s times g_s. The recorded heads give more than six such equations for the six g_s at
 * every sampled entry; their least-squares solution gives the gradient of any other head exactly.
 */
final class SequenceGradients {
    /** All of a recorded head but the likelihood of prompt tokens, which no sequence log-probability holds. */
    private static final String NOT_LINEAR = "orpo_full";

    private final GoldenModel golden;
    private final List<String> heads = new ArrayList<>();
    private final List<double[]> equations = new ArrayList<>();

    SequenceGradients(GoldenModel golden) {
        this.golden = golden;
        golden.golden().get("heads").fieldNames().forEachRemaining(head -> {
            if (!head.equals(NOT_LINEAR)) {
                heads.add(head);
                equations.add(golden.numbers("/heads/" + head + "/d_sequence_logps"));
            }
        });
    }

    /** The gradient's sampled entries, then the sum of all its entries. */
    double[] predict(String parameter, double[] sequenceGradients) {
        int samples = golden.numbers("/parameters/" + parameter + "/sample_index").length;
        double[] predicted = new double[samples + 1];
        for (int i = 0; i < predicted.length; i++) {
            predicted[i] = dot(solve(recorded(parameter, i)), sequenceGradients);
        }
        return predicted;
    }

    private double[] recorded(String parameter, int index) {
        double[] values = new double[heads.size()];
        for (int i = 0; i < values.length; i++) {
            JsonNode gradient =
                    golden.golden().at("/heads/" + heads.get(i) + "/gradients").get(parameter);
            JsonNode samples = gradient.get("sample");
            values[i] = (index < samples.size() ? samples.get(index) : gradient.get("sum")).asDouble();
        }
        return values;
    }

    /** Least squares by the normal equations, each equation scaled to length 1; no equation may be left unfulfilled. */
    private double[] solve(double[] right) {
        int n = equations.get(0).length;
        double[][] normal = new double[n][n + 1];
        for (int e = 0; e < right.length; e++) {
            double[] equation = equations.get(e);
            double scale = 1 / dot(equation, equation);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    normal[i][j] += scale * equation[i] * equation[j];
                }
                normal[i][n] += scale * equation[i] * right[e];
            }
        }
        double[] solution = eliminate(normal);
        requireFulfilled(solution, right);
        return solution;
    }

    private void requireFulfilled(double[] solution, double[] right) {
        double size = Math.sqrt(dot(solution, solution));
        for (int e = 0; e < right.length; e++) {
            double[] equation = equations.get(e);
            double rest = Math.abs(dot(equation, solution) - right[e]) / Math.sqrt(dot(equation, equation));
            if (!(rest <= 1e-11 * Math.max(1, size))) {
                throw new AssertionError("head " + heads.get(e) + " of " + golden.name() + " is off by " + rest + " of "
                        + size + ": its gradient does not follow from the sequence log-probabilities");
            }
        }
    }

    /** Gauss and Jordan with pivots; a pivot near 0 would mean that the heads do not tell the sequences apart. */
    private static double[] eliminate(double[][] rows) {
        int n = rows.length;
        for (int column = 0; column < n; column++) {
            int pivot = column;
            for (int row = column; row < n; row++) {
                pivot = Math.abs(rows[row][column]) > Math.abs(rows[pivot][column]) ? row : pivot;
            }
            double[] chosen = rows[pivot];
            rows[pivot] = rows[column];
            rows[column] = chosen;
            if (Math.abs(chosen[column]) < 1e-4) {
                throw new AssertionError("the equations are nearly dependent: pivot " + chosen[column]);
            }
            for (double[] row : rows) {
                double factor = row == chosen ? 0 : row[column] / chosen[column];
                for (int j = column; j <= n; j++) {
                    row[j] -= factor * chosen[j];
                }
            }
        }
        double[] solution = new double[n];
        for (int i = 0; i < n; i++) {
            solution[i] = rows[i][n] / rows[i][i];
        }
        return solution;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
