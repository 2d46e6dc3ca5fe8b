package org.dilort.artifacts;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dilort.weights.FloatSink;
import org.dilort.weights.TensorFile;
import org.dilort.weights.TensorInfo;
import org.dilort.weights.WeightSource;
import org.dilort.weights.WeightType;

/**
 * The tensors of a training checkpoint, ours or one that ONNX Runtime saved, with inline or external data; the format and
 * its limits are those of {@link CheckpointFormat}. Trainable tensors come first, each list in the order of the file.
 *
 * <p>Whatever the file holds, opening it gives a reader or a {@link org.dilort.error.FormatException}.
 */
public final class CheckpointReader implements WeightSource {
    private static final long MAX_HEAP_BYTES = 1 << 24;

    private final TensorFile file;
    private final List<TensorFile> files;
    private final Map<CheckpointRole, List<String>> names;
    private final Map<String, TensorInfo> tensors;

    private CheckpointReader(List<TensorFile> files, CheckpointContent content) {
        this.file = files.get(0);
        this.files = List.copyOf(files);
        this.names = content.names();
        Map<String, TensorInfo> all = new LinkedHashMap<>();
        content.tensors().forEach(tensor -> all.put(tensor.name(), tensor));
        this.tensors = Collections.unmodifiableMap(all);
    }

    public static CheckpointReader open(Path path) {
        List<TensorFile> files = new ArrayList<>();
        try {
            files.add(TensorFile.open(path));
            CheckpointContent content = CheckpointContent.parse(path, bytes(files.get(0)), () -> {
                files.add(TensorFile.open(CheckpointFormat.dataFile(path)));
                return files.get(1).size();
            });
            return new CheckpointReader(files, content);
        } catch (RuntimeException e) {
            close(files);
            throw e;
        }
    }

    /** Only a checkpoint with inline data is big, and that is mapped. */
    private static ByteBuffer bytes(TensorFile file) {
        if (file.size() > MAX_HEAP_BYTES) {
            CheckpointContent.requireSize(file.path(), file.size());
            return file.map(
                    new TensorInfo("checkpoint", WeightType.U8, List.of(file.size()), file.path(), 0, file.size()));
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) file.size()).order(ByteOrder.LITTLE_ENDIAN);
        file.read(bytes, 0);
        return bytes;
    }

    /** The names of one list, in the order of the file. */
    public List<String> names(CheckpointRole role) {
        return names.get(role);
    }

    @Override
    public Path location() {
        return file.path();
    }

    @Override
    public Map<String, TensorInfo> tensors() {
        return tensors;
    }

    @Override
    public void readFloats(String name, FloatSink sink) {
        TensorInfo tensor = info(name);
        holder(tensor).readFloats(tensor, sink);
    }

    @Override
    public void copyBytes(String name, WritableByteChannel out) {
        TensorInfo tensor = info(name);
        holder(tensor).copyBytes(tensor, out);
    }

    @Override
    public MappedByteBuffer map(String name) {
        TensorInfo tensor = info(name);
        return holder(tensor).map(tensor);
    }

    private TensorFile holder(TensorInfo tensor) {
        return tensor.file().equals(file.path()) ? file : files.get(1);
    }

    @Override
    public void close() {
        close(files);
    }

    private static void close(Collection<TensorFile> files) {
        files.forEach(TensorFile::close);
    }
}
