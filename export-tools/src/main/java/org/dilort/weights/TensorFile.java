package org.dilort.weights;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.dilort.error.FormatException;

/** One open file that holds tensors; owned and closed by the source that opened it. Reads may run in several threads. */
public final class TensorFile implements AutoCloseable {
    private static final int CHUNK_ELEMENTS = 1 << 17;

    private final Path path;
    private final FileChannel channel;
    private final long size;

    private TensorFile(Path path, FileChannel channel, long size) {
        this.path = path;
        this.channel = channel;
        this.size = size;
    }

    /** Refuses what is missing or no regular file with a {@link FormatException}. */
    public static TensorFile open(Path path) {
        if (!Files.exists(path)) {
            throw new FormatException("no such file: " + path);
        }
        if (!Files.isRegularFile(path)) {
            throw new FormatException("not a file: " + path);
        }
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            return new TensorFile(path, channel, channel.size());
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot be read", e);
        }
    }

    public Path path() {
        return path;
    }

    /** Bytes when it was opened. */
    public long size() {
        return size;
    }

    /** Fills the buffer from this offset on and flips it. */
    public void read(ByteBuffer buffer, long offset) {
        try {
            long position = offset;
            while (buffer.hasRemaining()) {
                int count = channel.read(buffer, position);
                if (count < 0) {
                    throw endsAt(position);
                }
                position += count;
            }
            buffer.flip();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Streams a tensor of this file as float32. */
    public void readFloats(TensorInfo tensor, FloatSink sink) {
        if (!tensor.type().convertible()) {
            throw new FormatException("%s: type %s cannot be read as float32, expected F32, F16, BF16 or F64 (%s)"
                    .formatted(tensor.label(), tensor.type(), path));
        }
        int width = tensor.type().bits() / 8;
        int capacity = (int) Math.min(CHUNK_ELEMENTS, tensor.elements());
        ByteBuffer raw = ByteBuffer.allocateDirect(capacity * width).order(ByteOrder.LITTLE_ENDIAN);
        FloatDecoder decoder = FloatDecoder.of(tensor.type(), capacity);
        long left = tensor.elements();
        while (left > 0) {
            int count = (int) Math.min(capacity, left);
            raw.clear().limit(count * width);
            read(raw, tensor.offset() + (tensor.elements() - left) * width);
            sink.accept(decoder.decode(raw));
            left -= count;
        }
    }

    /** Copies the bytes of a tensor of this file as they are. */
    public void copyBytes(TensorInfo tensor, WritableByteChannel out) {
        try {
            long done = 0;
            while (done < tensor.bytes()) {
                long count = channel.transferTo(tensor.offset() + done, tensor.bytes() - done, out);
                if (count <= 0) {
                    throw endsAt(tensor.offset() + done);
                }
                done += count;
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Maps the bytes of a tensor of this file. */
    public MappedByteBuffer map(TensorInfo tensor) {
        if (tensor.bytes() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("%s: %d bytes cannot be mapped at once, expected at most %d (%s)"
                    .formatted(tensor.label(), tensor.bytes(), Integer.MAX_VALUE, path));
        }
        if (tensor.offset() + tensor.bytes() > size) {
            throw endsAt(size);
        }
        try {
            MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, tensor.offset(), tensor.bytes());
            mapped.order(ByteOrder.LITTLE_ENDIAN);
            return mapped;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private FormatException endsAt(long position) {
        return new FormatException("%s: ends at byte %d, expected more data; it was %d bytes when it was opened"
                .formatted(path, position, size));
    }

    private UncheckedIOException failed(IOException e) {
        return new UncheckedIOException(path + ": cannot be read", e);
    }
}
