package org.dilort.model.blocks;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dilort.autodiff.Tape;
import org.dilort.model.RotaryTables;
import org.dilort.model.TokenStream;
import org.dilort.model.Weights;
import org.dilort.model.Window;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/** One forward pass under construction: what every part of the model reads. */
public final class ForwardPass {
    private final Tape tape;
    private final Weights weights;
    private final TokenStream tokens;
    private final Map<Rotary, RotaryTables> tables = new HashMap<>();

    ForwardPass(Tape tape, Weights weights, TokenStream tokens) {
        this.tape = tape;
        this.weights = weights;
        this.tokens = tokens;
    }

    public Ops ops() {
        return tape.ops();
    }

    public Tape tape() {
        return tape;
    }

    public TokenStream tokens() {
        return tokens;
    }

    public Value weight(String name) {
        return weights.get(name);
    }

    public Value rows(String table, Value indices) {
        return weights.rows(ops(), table, indices);
    }

    public Value linear(String module, Value x) {
        return weights.linear(ops(), module, x);
    }

    /** Of each chunk of queries, for attention with {@code perGroup} heads in a group. */
    public List<Value> masks(Window window, long perGroup) {
        return tokens.masks().of(ops(), window, tokens.queryChunks(), perGroup);
    }

    /** The tables of one kind of rotation, made once for all layers that share it. */
    RotaryTables tables(Rotary rotary) {
        return tables.computeIfAbsent(rotary, kind -> kind.tables(ops(), tokens));
    }
}
