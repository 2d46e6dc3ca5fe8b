package org.dilort.weights;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dilort.error.FormatException;

/**
 * Tensors by name that can be read as float32.
 *
 * <p>Reads are streamed through buffers of less than 4 MiB and may run in several threads. What is wrong with a tensor
 * is a {@link FormatException} that names tensor and file; a failing disk is an {@link java.io.UncheckedIOException}.
 */
public interface NamedTensors {

    /** The file or folder that they come from. */
    Path location();

    /** All tensors by name, in the order in which they are stored; unmodifiable. */
    Map<String, TensorInfo> tensors();

    /** Streams a tensor of type F32, F16, BF16 or F64 as float32; F64 is rounded to nearest. */
    void readFloats(String name, FloatSink sink);

    default List<String> names() {
        return List.copyOf(tensors().keySet());
    }

    default boolean contains(String name) {
        return tensors().containsKey(name);
    }

    /** The tensor of this name; a missing one is reported with the nearest name that exists. */
    default TensorInfo info(String name) {
        TensorInfo tensor = tensors().get(name);
        if (tensor != null) {
            return tensor;
        }
        String nearest = TensorNames.nearest(name, tensors().keySet())
                .map(found -> "; the nearest name is " + TensorNames.printable(found))
                .orElse("");
        throw new FormatException("%s: no such tensor among %d%s (%s)"
                .formatted(TensorNames.printable(name), tensors().size(), nearest, location()));
    }

    /** The tensor of this name, which must have this shape and be convertible to float32. */
    default TensorInfo require(String name, long... shape) {
        TensorInfo tensor = info(name);
        List<Long> expected = Arrays.stream(shape).boxed().toList();
        if (!tensor.shape().equals(expected)) {
            throw new FormatException("%s: shape %s, expected %s (%s)"
                    .formatted(tensor.label(), tensor.shape(), expected, tensor.file()));
        }
        if (!tensor.type().convertible()) {
            throw new FormatException("%s: type %s, expected F32, F16, BF16 or F64 (%s)"
                    .formatted(tensor.label(), tensor.type(), tensor.file()));
        }
        return tensor;
    }

    /** Names that are here but not among those given, in stored order. */
    default List<String> extras(Collection<String> expected) {
        Set<String> known = Set.copyOf(expected);
        return names().stream().filter(name -> !known.contains(name)).toList();
    }

    /** Refuses tensors that are not among those given. */
    default void requireOnly(Collection<String> expected) {
        List<String> extras = extras(expected);
        if (!extras.isEmpty()) {
            throw new FormatException("%d tensors that the model does not have: %s (%s)"
                    .formatted(extras.size(), TensorNames.list(extras), location()));
        }
    }

    default FloatSource floats(String name) {
        return sink -> readFloats(name, sink);
    }

    /** As {@link #floats}, but a tensor with NaN or infinite values is refused once it has been read to its end. */
    default FloatSource finiteFloats(String name) {
        return sink -> {
            NonFiniteCounter counter = new NonFiniteCounter(sink);
            readFloats(name, counter);
            counter.requireNone(info(name));
        };
    }

    /** A whole tensor in memory: for small ones. */
    default float[] toArray(String name) {
        FloatBuffer all = FloatBuffer.allocate(Math.toIntExact(info(name).elements()));
        readFloats(name, all::put);
        return all.array();
    }
}
