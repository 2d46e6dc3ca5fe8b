package org.dilort.importer;

import java.nio.MappedByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.dilort.onnx.FileErrors;
import org.dilort.onnx.StoredTensor;
import org.dilort.weights.FloatSink;
import org.dilort.weights.TensorFile;
import org.dilort.weights.TensorInfo;
import org.dilort.weights.WeightSource;
import org.dilort.weights.WeightType;

/** The weights of an ONNX file, whose bytes lie in it or in files beside it. */
public final class OnnxWeights implements WeightSource {
    private final Path path;
    private final FileErrors errors;
    private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    private final Map<Path, TensorFile> files = new HashMap<>();

    private OnnxWeights(Path path) {
        this.path = path;
        this.errors = new FileErrors(path.toString());
    }

    /** @param stored float32 tensors of a file, each in one piece */
    public static OnnxWeights open(Path path, Map<String, StoredTensor> stored) {
        OnnxWeights weights = new OnnxWeights(path);
        try {
            stored.forEach(weights::add);
            return weights;
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    private void add(String name, StoredTensor tensor) {
        if (!(tensor instanceof StoredTensor.InFile place)) {
            throw errors.failure("weight " + name + " is written number by number, expected bytes in one piece");
        }
        List<Long> shape = LongStream.of(place.type().shape().toArray()).boxed().toList();
        TensorFile file = files.computeIfAbsent(place.file(), TensorFile::open);
        if (place.offset() + place.bytes() > file.size()) {
            throw errors.failure("weight " + name + " ends at byte " + (place.offset() + place.bytes()) + " of "
                    + place.file() + ", which has " + file.size());
        }
        tensors.put(name, new TensorInfo(name, WeightType.F32, shape, place.file(), place.offset(), place.bytes()));
    }

    @Override
    public Path location() {
        return path;
    }

    @Override
    public Map<String, TensorInfo> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    @Override
    public void readFloats(String name, FloatSink sink) {
        TensorInfo tensor = info(name);
        file(tensor).readFloats(tensor, sink);
    }

    @Override
    public void copyBytes(String name, WritableByteChannel out) {
        TensorInfo tensor = info(name);
        file(tensor).copyBytes(tensor, out);
    }

    @Override
    public MappedByteBuffer map(String name) {
        TensorInfo tensor = info(name);
        return file(tensor).map(tensor);
    }

    private TensorFile file(TensorInfo tensor) {
        TensorFile file = files.get(tensor.file());
        if (file == null) {
            throw new IllegalArgumentException(tensor.file() + " is not open");
        }
        return file;
    }

    @Override
    public void close() {
        files.values().forEach(TensorFile::close);
    }
}
