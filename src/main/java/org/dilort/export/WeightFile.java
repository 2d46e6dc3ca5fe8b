package org.dilort.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dilort.artifacts.StoredWeight;
import org.dilort.files.AtomicFile;
import org.dilort.onnx.DType;

/**
 * The file beside a model that holds its big tensors, little-endian, each at a multiple of 4096 bytes so that it can be mapped.
 * Places are given out first, the content is streamed afterwards.
 */
final class WeightFile {
    private static final long ALIGNMENT = 4096;

    private final String name;
    private final List<Item> items = new ArrayList<>();
    private long end;

    /** Writes all bytes of a tensor from a position of the file on. */
    interface Content {
        void write(AtomicFile file, long position);
    }

    private record Item(long offset, Content content) {}

    /** @param name relative to the model's folder */
    WeightFile(String name) {
        this.name = name;
    }

    StoredWeight place(DType dtype, long elements, Content content) {
        long offset = (end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        long bytes = dtype.bytesOf(elements);
        end = Math.addExact(offset, bytes);
        items.add(new Item(offset, content));
        return new StoredWeight(dtype, name, offset, bytes);
    }

    /** Streams everything that has a place. */
    void write(Path folder) {
        try (AtomicFile target = AtomicFile.create(folder.resolve(name))) {
            for (Item item : items) {
                item.content().write(target, item.offset());
            }
            long size = target.channel().size();
            if (size != end) {
                throw new IOException("wrote " + size + " bytes, expected " + end);
            }
            target.commit();
        } catch (IOException e) {
            throw new UncheckedIOException(folder.resolve(name) + ": cannot be written", e);
        }
    }
}
