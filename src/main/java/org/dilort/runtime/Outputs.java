package org.dilort.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads a session's results by name. */
final class Outputs {
    private Outputs() {}

    static Map<String, float[]> floats(OrtSession.Result result, Iterable<String> names) {
        Map<String, float[]> all = new LinkedHashMap<>();
        names.forEach(name -> all.put(name, floats(result, name)));
        return all;
    }

    static float[] floats(OrtSession.Result result, String name) {
        FloatBuffer buffer = tensor(result, name).getFloatBuffer();
        float[] floats = new float[buffer.remaining()];
        buffer.get(floats);
        return floats;
    }

    /** A result of either floating-point type. */
    static double[] doubles(OrtSession.Result result, String name) {
        OnnxTensor tensor = tensor(result, name);
        if (tensor.getInfo().type == OnnxJavaType.DOUBLE) {
            DoubleBuffer buffer = tensor.getDoubleBuffer();
            double[] doubles = new double[buffer.remaining()];
            buffer.get(doubles);
            return doubles;
        }
        float[] floats = floats(result, name);
        double[] doubles = new double[floats.length];
        for (int i = 0; i < floats.length; i++) {
            doubles[i] = floats[i];
        }
        return doubles;
    }

    private static OnnxTensor tensor(OrtSession.Result result, String name) {
        return (OnnxTensor)
                result.get(name).orElseThrow(() -> new IllegalStateException("the session gave no output " + name));
    }
}
