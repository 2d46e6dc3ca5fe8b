package org.dilort.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.dilort.files.AtomicFile;

/**
 * Writes tensors as safetensors, streamed: first all are announced, then a write draws them from their sources.
 *
 * <p>Same input, same bytes: wide elements come first, so that every tensor is aligned to its element, otherwise the
 * order is that of announcement; the header is compact JSON, padded with spaces to a multiple of 8. That is the layout of
 * the format's own library. Every file appears under its name only when it is complete.
 */
public final class SafetensorsWriter {
    private static final int ALIGNMENT = 8;

    private final Map<String, String> metadata;
    private final List<Item> items = new ArrayList<>();
    private final Set<String> names = new LinkedHashSet<>();

    /** @param metadata strings for the header; {@code {"format": "pt"}} is what Hugging Face readers look for */
    public SafetensorsWriter(Map<String, String> metadata) {
        this.metadata = new TreeMap<>(metadata);
    }

    /** Makes the bytes of one tensor. */
    @FunctionalInterface
    interface ByteSource {
        void writeTo(WritableByteChannel out) throws IOException;
    }

    /** Puts the data of one tensor at a position of a file. */
    @FunctionalInterface
    private interface Content {
        void write(AtomicFile file, long position) throws IOException;
    }

    private record Item(String name, WeightType type, List<Long> shape, Content content) {
        long bytes() {
            return type.bytes(shape);
        }
    }

    /** Announces a tensor whose elements are converted from float32. */
    public SafetensorsWriter add(String name, WeightType type, List<Long> shape, FloatSource source) {
        if (!type.convertible()) {
            throw new IllegalArgumentException(name + ": no conversion from float32 to " + type);
        }
        long elements = WeightType.elements(shape);
        return add(new Item(
                name,
                type,
                List.copyOf(shape),
                (file, position) -> FloatEncoder.write(file, position, name, type, elements, source)));
    }

    /** Announces a tensor that is copied byte by byte, whatever its type. */
    public SafetensorsWriter copy(WeightSource source, String name) {
        TensorInfo tensor = source.info(name);
        return add(new Item(
                name, tensor.type(), tensor.shape(), (file, position) -> source.copyBytes(name, file.from(position))));
    }

    /** Announces a tensor whose little-endian bytes are made while they are written. */
    SafetensorsWriter addBytes(String name, WeightType type, List<Long> shape, ByteSource source) {
        return add(new Item(name, type, List.copyOf(shape), (file, position) -> source.writeTo(file.from(position))));
    }

    private SafetensorsWriter add(Item item) {
        if (item.name().equals(SafetensorsHeader.METADATA) || !names.add(item.name())) {
            throw new IllegalArgumentException(item.name() + ": the name is taken");
        }
        items.add(item);
        return this;
    }

    /** Writes everything into one file. */
    public void write(Path file) {
        write(file, items);
    }

    /** Writes {@code model.safetensors}, or the shards of the plan and then their index. */
    public void writeFolder(Path folder, ShardPlan plan) {
        if (plan.isSingleFile()) {
            write(folder.resolve(ShardPlan.SINGLE_FILE));
            return;
        }
        Map<String, List<Item>> shards = new TreeMap<>();
        Map<String, String> files = new LinkedHashMap<>();
        for (Item item : items) {
            String file = plan.files().get(item.name());
            if (file == null) {
                throw new IllegalArgumentException(item.name() + ": the shard plan has no file for it");
            }
            files.put(item.name(), file);
            shards.computeIfAbsent(file, key -> new ArrayList<>()).add(item);
        }
        shards.forEach((file, content) -> write(folder.resolve(file), content));
        long totalSize = items.stream().mapToLong(Item::bytes).sum();
        SafetensorsIndex.write(folder.resolve(SafetensorsIndex.NAME), new ShardPlan(files), totalSize);
    }

    private void write(Path file, List<Item> content) {
        List<Item> ordered = content.stream()
                .sorted(Comparator.comparingInt((Item item) -> item.type().bits())
                        .reversed())
                .toList();
        try (AtomicFile out = AtomicFile.create(file)) {
            ByteBuffer header = header(ordered);
            long position = header.remaining();
            out.write(header, 0);
            for (Item item : ordered) {
                item.content().write(out, position);
                position += item.bytes();
            }
            out.commit();
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written", e);
        }
    }

    private ByteBuffer header(List<Item> ordered) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart(SafetensorsHeader.METADATA);
                for (Map.Entry<String, String> entry : metadata.entrySet()) {
                    json.writeStringField(entry.getKey(), entry.getValue());
                }
                json.writeEndObject();
            }
            long offset = 0;
            for (Item item : ordered) {
                writeItem(json, item, offset);
                offset += item.bytes();
            }
            json.writeEndObject();
        }
        int length = (text.size() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        ByteBuffer header = ByteBuffer.allocate(SafetensorsHeader.LENGTH_BYTES + length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(text.toByteArray());
        while (header.hasRemaining()) {
            header.put((byte) ' ');
        }
        return header.flip();
    }

    private static void writeItem(JsonGenerator json, Item item, long offset) throws IOException {
        json.writeObjectFieldStart(item.name());
        json.writeStringField("dtype", item.type().name());
        json.writeArrayFieldStart("shape");
        for (long dimension : item.shape()) {
            json.writeNumber(dimension);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("data_offsets");
        json.writeNumber(offset);
        json.writeNumber(offset + item.bytes());
        json.writeEndArray();
        json.writeEndObject();
    }
}
