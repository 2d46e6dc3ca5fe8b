package org.dilort.model.blocks;

import java.util.List;
import org.dilort.model.Parameter;
import org.dilort.onnx.Value;

/**
 * The affine map of one module, {@code [rows * length, in] -> [rows * length, out]}.
 *
 * @param parameters {@code module.weight} and, if there is one, {@code module.bias}
 */
public record Linear(String module, List<Parameter> parameters) implements Part {

    /** Whether a module has a bias. */
    public enum Bias {
        NONE,
        ADDED;

        public static Bias of(boolean added) {
            return added ? ADDED : NONE;
        }
    }

    public Linear {
        parameters = List.copyOf(parameters);
    }

    public static Linear of(String module, int in, int out, Bias bias) {
        return of(module, Parameter.matrix(module + ".weight", out, in), out, bias);
    }

    /** With its weight stored as {@code [in, out]}. */
    public static Linear transposed(String module, int in, int out, Bias bias) {
        return of(module, Parameter.transposedMatrix(module + ".weight", in, out), out, bias);
    }

    /** Transposed too, beginning narrow because its output is added to the residual stream. */
    public static Linear residual(String module, int in, int out, Bias bias) {
        Parameter weight = Parameter.transposedMatrix(module + ".weight", in, out);
        return of(module, weight.withBeginning(Parameter.Beginning.RESIDUAL), out, bias);
    }

    private static Linear of(String module, Parameter weight, int out, Bias bias) {
        return new Linear(
                module,
                switch (bias) {
                    case NONE -> List.of(weight);
                    case ADDED -> List.of(weight, Parameter.offset(module + ".bias", out));
                });
    }

    @Override
    public Value apply(ForwardPass pass, Value x) {
        return pass.linear(module, x);
    }
}
