package org.dilort.artifacts;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.dilort.error.FormatException;

/**
 * A table of an untrusted flatbuffer. Every access is checked against the ends of the table and of the buffer, and fails
 * with a {@link FormatException}; absent scalars have the default that the caller gives.
 */
final class CheckpointTable {
    private static final int REFERENCE_BYTES = Integer.BYTES;
    private static final int VTABLE_HEADER_BYTES = 2 * Short.BYTES;

    private final Path file;
    private final ByteBuffer buffer;
    private final int begin;
    private final int length;
    private final int vtable;
    private final int vtableLength;

    private CheckpointTable(Path file, ByteBuffer buffer, long position) {
        this.file = file;
        this.buffer = buffer;
        this.begin = require(position, REFERENCE_BYTES);
        this.vtable = require((long) begin - buffer.getInt(begin), VTABLE_HEADER_BYTES);
        this.vtableLength = buffer.getShort(vtable) & 0xffff;
        this.length = buffer.getShort(vtable + Short.BYTES) & 0xffff;
        if (vtableLength < VTABLE_HEADER_BYTES || length < REFERENCE_BYTES) {
            throw damaged();
        }
        require(vtable, vtableLength);
        require(begin, length);
    }

    /** The root table of a little-endian buffer with the right identifier. */
    static CheckpointTable root(Path file, ByteBuffer buffer) {
        int header = REFERENCE_BYTES + CheckpointFormat.IDENTIFIER.length();
        if (buffer.limit() < header) {
            throw new FormatException("%s: %d bytes, expected a training checkpoint".formatted(file, buffer.limit()));
        }
        for (int i = 0; i < CheckpointFormat.IDENTIFIER.length(); i++) {
            if (buffer.get(REFERENCE_BYTES + i) != CheckpointFormat.IDENTIFIER.charAt(i)) {
                throw new FormatException("%s: no training checkpoint, expected the identifier %s at byte %d"
                        .formatted(file, CheckpointFormat.IDENTIFIER, REFERENCE_BYTES));
            }
        }
        return new CheckpointTable(file, buffer, Integer.toUnsignedLong(buffer.getInt(0)));
    }

    /** A range of bytes of the buffer. */
    record Range(int offset, int length) {}

    int int32(int field, int absent) {
        int position = field(field, Integer.BYTES);
        return position == 0 ? absent : buffer.getInt(position);
    }

    long int64(int field, long absent) {
        int position = field(field, Long.BYTES);
        return position == 0 ? absent : buffer.getLong(position);
    }

    boolean bool(int field) {
        int position = field(field, 1);
        return position != 0 && buffer.get(position) != 0;
    }

    Optional<CheckpointTable> table(int field) {
        int position = field(field, REFERENCE_BYTES);
        return position == 0 ? Optional.empty() : Optional.of(new CheckpointTable(file, buffer, follow(position)));
    }

    /** A vector's elements, without the count before them. */
    Optional<Range> vector(int field, int elementBytes) {
        int position = field(field, REFERENCE_BYTES);
        if (position == 0) {
            return Optional.empty();
        }
        int vector = require(follow(position), Integer.BYTES);
        long bytes = Integer.toUnsignedLong(buffer.getInt(vector)) * elementBytes;
        int elements = require((long) vector + Integer.BYTES, bytes);
        return Optional.of(new Range(elements, (int) bytes));
    }

    /** The table that a vector of references holds at this index. */
    CheckpointTable element(Range references, int index) {
        return new CheckpointTable(file, buffer, follow(references.offset() + index * REFERENCE_BYTES));
    }

    long int64(Range vector, int index) {
        return buffer.getLong(vector.offset() + index * Long.BYTES);
    }

    Optional<String> string(int field, int maxBytes) {
        return vector(field, 1).map(range -> text(range, maxBytes));
    }

    private String text(Range range, int maxBytes) {
        if (range.length() > maxBytes) {
            throw new FormatException(
                    "%s: a name of %d bytes, expected at most %d".formatted(file, range.length(), maxBytes));
        }
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(buffer.slice(range.offset(), range.length()));
            return text.toString();
        } catch (CharacterCodingException e) {
            throw new FormatException(file + ": a name is not valid UTF-8", e);
        }
    }

    /** Where a field lies; 0 when it is absent. */
    private int field(int field, int bytes) {
        int slot = VTABLE_HEADER_BYTES + field * Short.BYTES;
        if (slot + Short.BYTES > vtableLength) {
            return 0;
        }
        int distance = buffer.getShort(vtable + slot) & 0xffff;
        if (distance == 0) {
            return 0;
        }
        if (distance < REFERENCE_BYTES || distance + bytes > length) {
            throw damaged();
        }
        return begin + distance;
    }

    private long follow(int position) {
        return position + Integer.toUnsignedLong(buffer.getInt(position));
    }

    private int require(long position, long bytes) {
        if (position < 0 || bytes > buffer.limit() - position) {
            throw damaged();
        }
        return (int) position;
    }

    private FormatException damaged() {
        return new FormatException(
                "%s: damaged or truncated, a reference leads out of its %d bytes".formatted(file, buffer.limit()));
    }
}
