package org.dilort.weights;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The tensors of two sources; a name that both have is the first one's. */
public final class JoinedTensors implements NamedTensors {
    private final NamedTensors first;
    private final NamedTensors second;
    private final Map<String, TensorInfo> tensors;

    public JoinedTensors(NamedTensors first, NamedTensors second) {
        this.first = first;
        this.second = second;
        Map<String, TensorInfo> all = new LinkedHashMap<>(second.tensors());
        all.putAll(first.tensors());
        this.tensors = Collections.unmodifiableMap(all);
    }

    @Override
    public Path location() {
        return second.location();
    }

    @Override
    public Map<String, TensorInfo> tensors() {
        return tensors;
    }

    @Override
    public void readFloats(String name, FloatSink sink) {
        (first.contains(name) ? first : second).readFloats(name, sink);
    }
}
