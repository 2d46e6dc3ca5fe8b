package org.dilort.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.dilort.artifacts.StoredWeight;
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

/** A model's weights, and the big constants of its graph, as float32 or float16 in a {@link WeightFile}. */
final class ExternalWeights implements Function<String, StoredWeight> {
    /** Constants of fewer bytes stay inside the model: runtimes read shapes from them before they open other files. */
    private static final long INLINE_BYTES = 1024;

    private final WeightFile file;
    private final DType type;
    private final NamedTensors source;
    private final Map<String, Parameter> parameters;

    /** @param type FLOAT or FLOAT16 */
    ExternalWeights(WeightFile file, DType type, CausalLm model, NamedTensors source) {
        this.file = file;
        this.type = type;
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
        return place(name, type, parameter.elements(), source.finiteFloats(name));
    }

    /** The same graph with its big constants, such as rotary tables, in this file too. */
    Graph withConstantsMoved(Graph graph) {
        Map<String, Tensor> inline = new LinkedHashMap<>();
        List<ExternalTensor> externals = new ArrayList<>(graph.externals());
        graph.constants().forEach((name, tensor) -> {
            long elements = tensor.shape().elements().value();
            if (tensor.dtype() == DType.FLOAT && DType.FLOAT.bytesOf(elements) >= INLINE_BYTES) {
                StoredWeight place = place(name, DType.FLOAT, elements, floats(tensor));
                externals.add(new ExternalTensor(
                        new Value(name, tensor.type()), place.file(), place.offset(), place.length()));
            } else {
                inline.put(name, tensor);
            }
        });
        return new Graph(graph.name(), graph.inputs(), graph.outputs(), inline, externals, graph.nodes());
    }

    private StoredWeight place(String name, DType stored, long elements, FloatSource content) {
        WeightType written = stored == DType.FLOAT16 ? WeightType.F16 : WeightType.F32;
        return file.place(
                stored,
                elements,
                (target, offset) -> FloatEncoder.write(target, offset, name, written, elements, content));
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
}
