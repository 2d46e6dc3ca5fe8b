package org.dilort.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.dilort.artifacts.StoredWeight;
import org.dilort.files.AtomicFile;
import org.dilort.model.CausalLm;
import org.dilort.model.Parameter;
import org.dilort.onnx.DType;
import org.dilort.onnx.ExternalTensor;
import org.dilort.onnx.Graph;
import org.dilort.onnx.Tensor;
import org.dilort.onnx.Value;
import org.dilort.weights.FloatEncoder;
import org.dilort.weights.FloatSource;
import org.dilort.weights.NamedTensors;
import org.dilort.weights.WeightType;

/**
 * The file beside a model that holds its big tensors as float32, little-endian, each at a multiple of 4096 bytes so that
 * it can be mapped. Places are given out first, the content is streamed afterwards.
 */
final class ExternalWeights implements Function<String, StoredWeight> {
    private static final long ALIGNMENT = 4096;

    /** Constants of fewer bytes stay inside the model: runtimes read shapes from them before they open other files. */
    private static final long INLINE_BYTES = 1024;

    private final String file;
    private final NamedTensors source;
    private final Map<String, Parameter> parameters;
    private final List<Item> items = new ArrayList<>();
    private long end;

    private record Item(String name, long offset, long elements, FloatSource content) {}

    /** @param file name relative to the model's folder */
    ExternalWeights(String file, CausalLm model, NamedTensors source) {
        this.file = file;
        this.source = source;
        this.parameters = model.parameters().stream().collect(Collectors.toMap(Parameter::name, Function.identity()));
    }

    @Override
    public StoredWeight apply(String name) {
        Parameter parameter = parameters.get(name);
        if (parameter == null) {
            throw new IllegalArgumentException(name + ": no such parameter");
        }
        source.require(name, parameter.shape().toArray());
        return place(name, parameter.elements(), source.finiteFloats(name));
    }

    /** The same graph with its big constants, such as rotary tables, in this file too. */
    Graph withConstantsMoved(Graph graph) {
        Map<String, Tensor> inline = new LinkedHashMap<>();
        List<ExternalTensor> externals = new ArrayList<>(graph.externals());
        graph.constants().forEach((name, tensor) -> {
            if (tensor.dtype() == DType.FLOAT && bytes(tensor.shape().elements().value()) >= INLINE_BYTES) {
                StoredWeight place = place(name, tensor.shape().elements().value(), floats(tensor));
                externals.add(new ExternalTensor(
                        new Value(name, tensor.type()), place.file(), place.offset(), place.length()));
            } else {
                inline.put(name, tensor);
            }
        });
        return new Graph(graph.name(), graph.inputs(), graph.outputs(), inline, externals, graph.nodes());
    }

    private StoredWeight place(String name, long elements, FloatSource content) {
        long offset = (end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        end = offset + bytes(elements);
        items.add(new Item(name, offset, elements, content));
        return new StoredWeight(DType.FLOAT, file, offset, bytes(elements));
    }

    private static long bytes(long elements) {
        return Math.multiplyExact(elements, (long) Float.BYTES);
    }

    private static FloatSource floats(Tensor tensor) {
        return sink -> {
            double[] values = tensor.toDoubles();
            float[] floats = new float[values.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) values[i];
            }
            FloatSource.of(floats).read(sink);
        };
    }

    /** Streams everything that has a place. */
    void write(Path folder) {
        try (AtomicFile target = AtomicFile.create(folder.resolve(file))) {
            for (Item item : items) {
                FloatEncoder.write(target, item.offset(), item.name(), WeightType.F32, item.elements(), item.content());
            }
            long size = target.channel().size();
            if (size != end) {
                throw new IOException("wrote " + size + " bytes, expected " + end);
            }
            target.commit();
        } catch (IOException e) {
            throw new UncheckedIOException(folder.resolve(file) + ": cannot be written", e);
        }
    }
}
