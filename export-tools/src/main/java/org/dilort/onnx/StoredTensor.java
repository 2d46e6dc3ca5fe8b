package org.dilort.onnx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.dilort.error.FormatException;

/** An initializer of a file. */
public sealed interface StoredTensor {

    TensorType type();

    /** The numbers; a file that is too short or gone is told as such. */
    Tensor read();

    /** The first rows of a matrix, or all of it if it has no more. */
    StoredTensor firstRows(long rows);

    /** Little-endian bytes in a file: the model's own, or one beside it. */
    record InFile(TensorType type, Path file, long offset, long bytes) implements StoredTensor {
        public InFile {
            long expected = type.dtype().bytesOf(type.shape().elements().value());
            if (bytes != expected || offset < 0) {
                throw new IllegalArgumentException(
                        type + ": " + bytes + " bytes at " + offset + ", expected " + expected + " at 0 or more");
            }
        }

        @Override
        public Tensor read() {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                long end = Math.addExact(offset, bytes);
                if (channel.size() < end || bytes > Integer.MAX_VALUE) {
                    throw new FormatException(file + ": has " + channel.size() + " bytes, expected " + end);
                }
                ByteBuffer buffer = ByteBuffer.allocate((int) bytes);
                while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) >= 0) {}
                return new Tensor(type.dtype(), type.shape(), buffer.array());
            } catch (NoSuchFileException e) {
                throw new FormatException("no such file: " + file, e);
            } catch (IOException e) {
                throw new UncheckedIOException(file + ": cannot be read", e);
            }
        }

        @Override
        public StoredTensor firstRows(long rows) {
            long all = type.shape().dim(0).value();
            Shape shape = type.shape().with(0, Dim.of(Math.min(rows, all)));
            return rows >= all ? this : new InFile(type.withShape(shape), file, offset, bytes / all * rows);
        }
    }

    /** Of a {@code Constant}, or written number by number. */
    record Held(Tensor value) implements StoredTensor {
        @Override
        public TensorType type() {
            return value.type();
        }

        @Override
        public Tensor read() {
            return value;
        }

        @Override
        public StoredTensor firstRows(long rows) {
            return this;
        }
    }
}
