package org.dilort.model.blocks;

import java.util.List;
import java.util.stream.Stream;
import org.dilort.model.Attention;
import org.dilort.model.Attention.Scores;
import org.dilort.model.KeyValueCache.KeyValue;
import org.dilort.model.Parameter;
import org.dilort.model.Window;
import org.dilort.onnx.Value;

/**
 * output(attend(query(Q x), key(K x), V x)), {@code [rows * length, hidden]} in and out.
 *
 * @param query what happens to each head of the queries, such as a norm and a rotation
 * @param key the same for the keys
 */
public record SelfAttention(int layer, Heads heads, Part query, Part key, Window window, Scores scores, Part output)
        implements Part {

    /** Without positions, over everything that came before, with scores divided by the root of the head size. */
    public static SelfAttention of(int layer, Heads heads, int headSize, Part output) {
        return new SelfAttention(layer, heads, NONE, NONE, Window.UNBOUNDED, Scores.plain(headSize), output);
    }

    /** The same, both queries and keys of each head through {@code part}. */
    public SelfAttention withPositions(Part part) {
        return withQueryAndKey(query.then(part), key.then(part));
    }

    public SelfAttention withQueryAndKey(Part newQuery, Part newKey) {
        return new SelfAttention(layer, heads, newQuery, newKey, window, scores, output);
    }

    public SelfAttention withWindow(Window newWindow) {
        return new SelfAttention(layer, heads, query, key, newWindow, scores, output);
    }

    public SelfAttention withScores(Scores newScores) {
        return new SelfAttention(layer, heads, query, key, window, newScores, output);
    }

    @Override
    public List<Parameter> parameters() {
        return Stream.concat(heads.parameters().stream(), Part.join(query, key, output).stream())
                .toList();
    }

    @Override
    public void prepare(ForwardPass pass) {
        masks(pass);
        query.prepare(pass);
        key.prepare(pass);
    }

    @Override
    public Value apply(ForwardPass pass, Value x) {
        Heads.Split split = heads.split(pass, x);
        Value placedQuery = query.apply(pass, split.query()); // [rows, heads, length, head size]
        Value placedKey = key.apply(pass, split.key()); // [rows, key-value heads, length, head size]
        KeyValue seen = pass.tokens().cache().extend(layer, placedKey, split.value());
        Value mixed = Attention.attend(pass.tape(), pass.tokens(), placedQuery, seen, masks(pass), scores);
        return output.apply(pass, Attention.mergeHeads(pass.ops(), mixed, pass.tokens()));
    }

    private List<Value> masks(ForwardPass pass) {
        return pass.masks(window, heads.counts().perGroup());
    }
}
