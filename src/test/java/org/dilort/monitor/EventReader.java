package org.dilort.monitor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads event files by what the format says, apart from the code that writes them. */
public final class EventReader {
    private EventReader() {}

    /**
     * An event.
     *
     * @param version empty but in the first
     * @param begins whether it is a session's start
     */
    public record Event(double wallTime, long step, String version, boolean begins, Map<String, Float> values) {}

    public static List<Event> read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<Event> events = new ArrayList<>();
        while (bytes.hasRemaining()) {
            int start = bytes.position();
            byte[] data = new byte[Math.toIntExact(bytes.getLong())];
            bytes.getInt();
            bytes.get(data);
            bytes.getInt();
            byte[] record = new byte[bytes.position() - start];
            bytes.get(start, record);
            if (!Arrays.equals(record, framed(data))) {
                throw new IOException("a checksum at byte " + start + " is wrong");
            }
            events.add(event(ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN)));
        }
        return events;
    }

    /** The framing anew, with a table-free CRC-32C: the polynomial 82f63b78, bit by bit. */
    private static byte[] framed(byte[] data) {
        ByteBuffer record = ByteBuffer.allocate(16 + data.length).order(ByteOrder.LITTLE_ENDIAN);
        byte[] length = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(data.length)
                .array();
        return record.put(length)
                .putInt(masked(length))
                .put(data)
                .putInt(masked(data))
                .array();
    }

    static int masked(byte[] bytes) {
        int crc = crc(bytes);
        return (crc >>> 15 | crc << 17) + 0xa282ead8;
    }

    static int crc(byte[] bytes) {
        int crc = ~0;
        for (byte one : bytes) {
            crc ^= one & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc >>> 1 ^ (crc & 1) * 0x82f63b78;
            }
        }
        return ~crc;
    }

    private static Event event(ByteBuffer in) {
        double wallTime = 0;
        long step = 0;
        String version = "";
        boolean begins = false;
        Map<String, Float> values = new LinkedHashMap<>();
        while (in.hasRemaining()) {
            switch ((int) varint(in)) {
                case 1 << 3 | 1 -> wallTime = in.getDouble();
                case 2 << 3 -> step = varint(in);
                case 3 << 3 | 2 -> version = text(in);
                case 5 << 3 | 2 -> summary(counted(in), values);
                case 7 << 3 | 2 -> {
                    ByteBuffer session = counted(in);
                    begins = varint(session) == 1 << 3 && varint(session) == 1;
                }
                default -> throw new IllegalStateException("an unknown field of an event");
            }
        }
        return new Event(wallTime, step, version, begins, values);
    }

    private static void summary(ByteBuffer in, Map<String, Float> values) {
        while (in.hasRemaining()) {
            if (varint(in) != (1 << 3 | 2)) {
                throw new IllegalStateException("an unknown field of a summary");
            }
            ByteBuffer value = counted(in);
            String tag = "";
            float number = Float.NaN;
            while (value.hasRemaining()) {
                switch ((int) varint(value)) {
                    case 1 << 3 | 2 -> tag = text(value);
                    case 2 << 3 | 5 -> number = value.getFloat();
                    default -> throw new IllegalStateException("an unknown field of a value");
                }
            }
            values.put(tag, number);
        }
    }

    private static String text(ByteBuffer in) {
        return StandardCharsets.UTF_8.decode(counted(in)).toString();
    }

    private static ByteBuffer counted(ByteBuffer in) {
        int length = (int) varint(in);
        ByteBuffer part = in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        in.position(in.position() + length);
        return part;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte one = in.get();
            value |= (long) (one & 0x7f) << shift;
            if (one >= 0) {
                return value;
            }
        }
    }
}
