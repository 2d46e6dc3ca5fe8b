package org.dilort.model.blocks;

import java.util.Arrays;
import java.util.List;
import org.dilort.model.Parameter;
import org.dilort.model.RotaryConfig;
import org.dilort.model.RotaryTables;
import org.dilort.model.TokenStream;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Rotates the first dimensions of each head by the positions of their tokens (RoFormer, arXiv 2104.09864).
 *
 * @param frequencies radians per position, one for each pair of rotated dimensions
 * @param scale factor on the rotated dimensions, 1 for plain rotary embeddings
 */
public record Rotary(List<Double> frequencies, double scale) implements Part {

    public Rotary {
        frequencies = List.copyOf(frequencies);
    }

    public static Rotary of(RotaryConfig config) {
        double[] frequencies = config.scaling().frequencies(config.dimensions(), config.theta());
        return new Rotary(
                Arrays.stream(frequencies).boxed().toList(), config.scaling().scale());
    }

    RotaryTables tables(Ops ops, TokenStream tokens) {
        double[] numbers = frequencies.stream().mapToDouble(Double::doubleValue).toArray();
        return RotaryTables.of(ops, numbers, scale, tokens.tablePositions(), tokens.compute());
    }

    @Override
    public List<Parameter> parameters() {
        return List.of();
    }

    @Override
    public void prepare(ForwardPass pass) {
        pass.tables(this);
    }

    /** @param x {@code [rows, heads, length, head size]} */
    @Override
    public Value apply(ForwardPass pass, Value x) {
        return pass.tables(this).rotate(pass.ops(), x, pass.tokens().positionIds());
    }
}
