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
 * Rotates heads by the positions of their tokens (RoFormer, arXiv 2104.09864).
 *
 * @param frequencies radians per position, one for each pair of rotated dimensions
 * @param scale factor on the rotated dimensions, 1 for plain rotary embeddings
 */
public record Rotary(List<Double> frequencies, double scale) implements Part {

    public Rotary {
        frequencies = List.copyOf(frequencies);
    }

    /** @param dimensions how many dimensions of a head are rotated */
    public static Rotary of(RotaryConfig config, int dimensions) {
        double[] frequencies = config.scaling().frequencies(dimensions, config.theta());
        return new Rotary(Arrays.stream(frequencies).boxed().toList(), 1);
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
