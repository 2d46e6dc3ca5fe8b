package org.dilort.heads;

import java.util.List;
import org.dilort.onnx.Value;

/**
 * What a head gives.
 *
 * @param losses {@code [pairs, 1]}
 * @param rewards beta times the log-ratio that the head uses
 * @param nextState {@code [2]}, one value for a head with {@link OptionalInput#STATE}, else none
 */
public record HeadOutputs(Value losses, Sides rewards, List<Value> nextState) {
    public HeadOutputs {
        nextState = List.copyOf(nextState);
    }

    public HeadOutputs(Value losses, Sides rewards) {
        this(losses, rewards, List.of());
    }
}
