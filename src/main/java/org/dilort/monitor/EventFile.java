package org.dilort.monitor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;
import org.dilort.files.DurableFiles;

/**
 * A file of TensorBoard's events.
 *
 * <p>A file is records one after the other, numbers little-endian:
 *
 * <pre>
 * uint64 length, uint32 crc(length), byte data[length], uint32 crc(data)
 * </pre>
 *
 * where crc is CRC-32C turned right by 15 bits, plus a282ead8. The data is a protobuf message {@code Event}: wall time in seconds
 * (1, double), step (2, varint), and one of the version (3, text; the first record has {@code brain.Event:2}), a summary (5) or a
 * session log (7). A summary is values (1), each a tag (1, text) and a number (2, float). A session log with status (1) of START (1)
 * tells a reader to forget what earlier files of the folder have of this step and later ones.
 *
 * <p>The name begins with {@code events.out.tfevents.} and the time, as readers sort by it. A record is handed to the operating
 * system whole.
 */
final class EventFile implements AutoCloseable {
    private static final String VERSION = "brain.Event:2";
    private static final int MASK = 0xa282ead8;
    private static final int START = 1;
    private static final int MOST_FILES = 10_000;

    private final FileChannel channel;

    private EventFile(FileChannel channel) {
        this.channel = channel;
    }

    /** Makes the folder where there is none, and a file that is not there yet. */
    static EventFile create(Path folder, Instant now) throws IOException {
        Files.createDirectories(folder);
        for (int number = 0; number < MOST_FILES; number++) {
            String name =
                    String.format(Locale.ROOT, "events.out.tfevents.%010d.dil-ort.%d", now.getEpochSecond(), number);
            try {
                EventFile file = new EventFile(FileChannel.open(
                        folder.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
                file.append(event(now).text(3, VERSION));
                return file;
            } catch (FileAlreadyExistsException e) {
                continue;
            }
        }
        throw new IOException(MOST_FILES + " files of one second are there already");
    }

    /** Events from {@code step} on that an earlier file has do not count. */
    void begin(Instant now, long step) throws IOException {
        append(event(now).number(2, step).message(7, new ProtoBytes().number(1, START)));
    }

    /** One event with a number for each tag; numbers that are not finite are left out, and an event without any is none. */
    void scalars(Instant now, long step, Map<String, Double> values) throws IOException {
        ProtoBytes summary = new ProtoBytes();
        values.forEach((tag, value) -> {
            if (Double.isFinite(value)) {
                summary.message(1, new ProtoBytes().text(1, tag).real(2, value.floatValue()));
            }
        });
        if (summary.size() > 0) {
            append(event(now).number(2, step).message(5, summary));
        }
    }

    private static ProtoBytes event(Instant now) {
        return new ProtoBytes().real(1, now.getEpochSecond() + now.getNano() * 1e-9);
    }

    private void append(ProtoBytes event) throws IOException {
        DurableFiles.writeFully(channel, ByteBuffer.wrap(record(event.bytes())));
    }

    /** The framing of one record. */
    static byte[] record(byte[] data) {
        ByteBuffer record = ByteBuffer.allocate(16 + data.length).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(data.length);
        record.putInt(masked(record.array(), 0, 8));
        record.put(data);
        record.putInt(masked(data, 0, data.length));
        return record.array();
    }

    private static int masked(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
    }

    /** Brings all events to the disk. */
    void force() throws IOException {
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
