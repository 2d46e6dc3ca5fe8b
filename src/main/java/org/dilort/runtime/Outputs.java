package org.dilort.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtSession;
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
        OnnxValue value =
                result.get(name).orElseThrow(() -> new IllegalStateException("the session gave no output " + name));
        FloatBuffer buffer = ((OnnxTensor) value).getFloatBuffer();
        float[] floats = new float[buffer.remaining()];
        buffer.get(floats);
        return floats;
    }
}
