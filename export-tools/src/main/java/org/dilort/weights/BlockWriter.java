package org.dilort.weights;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;

/** Writes matrices of a source in few bits, streamed; see {@link BlockFormat}. */
final class BlockWriter {
    private static final int BUFFER = 1 << 16;
    private static final int SCALES = 1 << 12;

    private BlockWriter() {}

    static void write(
            Path file,
            NamedTensors source,
            Collection<String> names,
            BlockFormat format,
            Map<String, String> metadata) {
        SafetensorsWriter writer = new SafetensorsWriter(metadata);
        for (String name : names) {
            TensorInfo weight = source.info(name);
            long columns = weight.shape().get(1);
            FloatSource values = source.finiteFloats(name);
            TensorInfo scales = format.scales(weight, file, 0);
            TensorInfo codes = format.codes(weight, file, 0);
            writer.add(scales.name(), scales.type(), scales.shape(), scales(values, columns, format));
            writer.addBytes(codes.name(), codes.type(), codes.shape(), out -> {
                Packing packing = new Packing(format, out);
                values.read(new Blocks(columns, packing));
                packing.finish();
            });
        }
        writer.write(file);
    }

    private static FloatSource scales(FloatSource values, long columns, BlockFormat format) {
        return sink -> {
            FloatBuffer scales = FloatBuffer.allocate(SCALES);
            values.read(new Blocks(columns, (block, count) -> {
                scales.put(format.scale(block, count));
                if (!scales.hasRemaining()) {
                    sink.accept(scales.flip());
                    scales.clear();
                }
            }));
            sink.accept(scales.flip());
        };
    }

    /** Codes of block after block, as bytes. */
    private static final class Packing implements Blocks.Use {
        private final BlockFormat format;
        private final WritableByteChannel out;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        private boolean halfFilled;
        private int low;

        Packing(BlockFormat format, WritableByteChannel out) {
            this.format = format;
            this.out = out;
        }

        @Override
        public void accept(float[] values, int count) {
            float scale = format.scale(values, count);
            for (int i = 0; i < count; i++) {
                put(format.code(values[i], scale));
            }
        }

        private void put(byte code) {
            if (format == BlockFormat.INT8) {
                append(code);
                return;
            }
            if (halfFilled) {
                append((byte) (low | code << 4));
            }
            low = code & 0xf;
            halfFilled = !halfFilled;
        }

        void finish() {
            if (halfFilled) {
                append((byte) low);
            }
            flush();
        }

        private void append(byte value) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            buffer.put(value);
        }

        private void flush() {
            buffer.flip();
            try {
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("codes cannot be written", e);
            }
            buffer.clear();
        }
    }
}
