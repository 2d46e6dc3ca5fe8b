package org.dilort.model.blocks;

import java.util.List;
import java.util.stream.Stream;
import org.dilort.model.Parameter;
import org.dilort.onnx.Value;

/** A part of a model: the weights that are its own, and the stretch of a graph that it makes of them. */
public interface Part {

    /** Changes nothing. */
    Part NONE = new Part() {
        @Override
        public List<Parameter> parameters() {
            return List.of();
        }

        @Override
        public Value apply(ForwardPass pass, Value x) {
            return x;
        }
    };

    /** In the order of the forward pass. */
    List<Parameter> parameters();

    /** Builds what the layers of a graph share, before the first of them. */
    default void prepare(ForwardPass pass) {}

    Value apply(ForwardPass pass, Value x);

    /** This part, and {@code next} on what it gives. */
    default Part then(Part next) {
        Part first = this;
        return new Part() {
            @Override
            public List<Parameter> parameters() {
                return Part.join(first, next);
            }

            @Override
            public void prepare(ForwardPass pass) {
                first.prepare(pass);
                next.prepare(pass);
            }

            @Override
            public Value apply(ForwardPass pass, Value x) {
                return next.apply(pass, first.apply(pass, x));
            }
        };
    }

    static List<Parameter> join(Part... parts) {
        return Stream.of(parts).flatMap(part -> part.parameters().stream()).toList();
    }
}
