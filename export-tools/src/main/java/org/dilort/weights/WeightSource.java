package org.dilort.weights;

import java.nio.MappedByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Named tensors on disk: a safetensors file, a Hugging Face folder or a training checkpoint. */
public interface WeightSource extends NamedTensors, AutoCloseable {

    /** Copies the bytes as they are stored, for a tensor of any type. */
    void copyBytes(String name, WritableByteChannel out);

    /** Maps the bytes as they are stored, little-endian, read-only; they outlive {@link #close}. At most 2 GiB. */
    MappedByteBuffer map(String name);

    @Override
    void close();
}
