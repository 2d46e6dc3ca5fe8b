package org.dilort.weights;

import java.nio.MappedByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Map;

/** One safetensors file; its format is described at {@link SafetensorsHeader}. */
public final class SafetensorsFile implements WeightSource {
    private final TensorFile file;
    private final SafetensorsHeader header;

    private SafetensorsFile(TensorFile file, SafetensorsHeader header) {
        this.file = file;
        this.header = header;
    }

    public static SafetensorsFile open(Path path) {
        TensorFile file = TensorFile.open(path);
        try {
            return new SafetensorsFile(file, SafetensorsHeader.read(file));
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** The {@code __metadata__} of the header; empty where it has none. */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    @Override
    public Path location() {
        return file.path();
    }

    @Override
    public Map<String, TensorInfo> tensors() {
        return header.tensors();
    }

    @Override
    public void readFloats(String name, FloatSink sink) {
        file.readFloats(info(name), sink);
    }

    @Override
    public void copyBytes(String name, WritableByteChannel out) {
        file.copyBytes(info(name), out);
    }

    @Override
    public MappedByteBuffer map(String name) {
        return file.map(info(name));
    }

    @Override
    public void close() {
        file.close();
    }
}
