package org.dilort.lora;

import java.util.ArrayList;
import java.util.List;
import org.dilort.model.Parameter;
import org.dilort.model.Parameter.Beginning;
import org.dilort.model.Parameter.Layout;
import org.dilort.onnx.Shape;

/** The adapter of one layer: A {@code [r, in]}, B {@code [out, r]}, and for DoRA the magnitudes {@code [out]}. */
public record Adapter(LinearLayer layer, LoraSettings settings) {
    static final String A = ".lora_A.weight";
    static final String B = ".lora_B.weight";
    static final String MAGNITUDE = ".lora_magnitude_vector";

    public String a() {
        return layer.module() + A;
    }

    public String b() {
        return layer.module() + B;
    }

    public String magnitude() {
        return layer.module() + MAGNITUDE;
    }

    boolean hasMagnitude() {
        return settings.kind() == LoraSettings.Kind.DORA;
    }

    List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>();
        Shape down = Shape.of(settings.rank(), layer.in());
        parameters.add(new Parameter(a(), down, Beginning.UNIFORM, Layout.OUT_IN));
        parameters.add(new Parameter(b(), Shape.of(layer.out(), settings.rank()), Beginning.ZEROS, Layout.OUT_IN));
        if (hasMagnitude()) {
            parameters.add(Parameter.gain(magnitude(), layer.out()));
        }
        return parameters;
    }
}
