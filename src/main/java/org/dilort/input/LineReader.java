package org.dilort.input;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.dilort.error.DataException;

/**
 * Lines of a UTF-8 file, one at a time and never more than one in memory. A byte order mark is skipped; bytes that are
 * not UTF-8 and lines over the limit are refused.
 */
final class LineReader implements Closeable {
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path file;
    private final InputStream in;
    private final int limitBytes;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int bufferStart;
    private int bufferEnd;
    private byte[] line = new byte[1024];
    private int lineLength;
    private long number;

    LineReader(Path file, InputStream in, int limitBytes) {
        this.file = file;
        this.in = in;
        this.limitBytes = limitBytes;
    }

    /** Reads the next line, without its end; false after the last one. */
    boolean advance() throws IOException {
        lineLength = 0;
        if (!fill()) {
            return false;
        }
        number++;
        do {
            int newline = newlineIndex();
            append(bufferStart, newline < 0 ? bufferEnd : newline);
            if (newline >= 0) {
                bufferStart = newline + 1;
                return true;
            }
            bufferStart = bufferEnd;
        } while (fill());
        return true;
    }

    SourceLine source() {
        return new SourceLine(file, number);
    }

    /** Whether the line has nothing but white space. */
    boolean isBlank() {
        for (int i = textStart(); i < lineLength; i++) {
            if (line[i] != ' ' && (line[i] < '\t' || line[i] > '\r')) {
                return false;
            }
        }
        return true;
    }

    /** @throws CharacterCodingException where the line is not UTF-8 */
    String text() throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(line, textStart(), lineLength - textStart()))
                .toString();
    }

    private int textStart() {
        return number == 1 && startsWithByteOrderMark() ? 3 : 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private boolean fill() throws IOException {
        if (bufferStart < bufferEnd) {
            return true;
        }
        bufferStart = 0;
        bufferEnd = Math.max(0, in.read(buffer));
        return bufferEnd > 0;
    }

    private int newlineIndex() {
        for (int i = bufferStart; i < bufferEnd; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private void append(int start, int end) {
        long length = (long) lineLength + end - start;
        if (length > limitBytes) {
            throw new DataException(source() + ": line longer than " + limitBytes + " bytes");
        }
        if (length > line.length) {
            line = Arrays.copyOf(line, (int) Math.min(limitBytes, Math.max(length, 2L * line.length)));
        }
        System.arraycopy(buffer, start, line, lineLength, end - start);
        lineLength = (int) length;
    }

    private boolean startsWithByteOrderMark() {
        return lineLength >= 3 && line[0] == (byte) 0xEF && line[1] == (byte) 0xBB && line[2] == (byte) 0xBF;
    }
}
