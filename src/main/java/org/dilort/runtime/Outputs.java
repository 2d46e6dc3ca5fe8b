package org.dilort.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;

/** Reads a session's results by name. */
final class Outputs {
    private Outputs() {}

    static float[] floats(OrtSession.Result result, String name) {
        OnnxValue value =
                result.get(name).orElseThrow(() -> new IllegalStateException("the session gave no output " + name));
        FloatBuffer buffer = ((OnnxTensor) value).getFloatBuffer();
        float[] floats = new float[buffer.remaining()];
        buffer.get(floats);
        return floats;
    }
}
