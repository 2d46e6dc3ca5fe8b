package org.dilort.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dilort.input.Json;

/**
 * JSON lines of a file that somebody else may be writing. A line counts once its end is there; one that is no JSON object, as a
 * crash may leave, is left out. A file that became shorter, or whose last line read is not where it was, is read anew.
 */
final class LinesOfFile {
    /** Longer lines are no lines of a run. */
    private static final int MOST_LINE_BYTES = 1 << 20;

    private static final int PART_BYTES = 1 << 20;
    private static final ObjectMapper JSON = Json.mapper(MOST_LINE_BYTES);

    private final Path file;
    private long read;
    private byte[] lastLine = {};

    LinesOfFile(Path file) {
        this.file = file;
    }

    /** What was added since the last time; all there is where {@code fromStart}. */
    record News(boolean fromStart, List<JsonNode> objects) {
        News {
            objects = List.copyOf(objects);
        }
    }

    Path file() {
        return file;
    }

    /** Every object of a file, of {@code most} lines at most. */
    static List<JsonNode> all(Path file, int most) throws IOException {
        List<JsonNode> objects = new LinesOfFile(file).news().objects();
        return objects.subList(0, Math.min(most, objects.size()));
    }

    News news() throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            boolean fromStart = read > 0 && !stillThere(in);
            if (fromStart) {
                read = 0;
                lastLine = new byte[0];
            }
            List<JsonNode> objects = new ArrayList<>();
            in.seek(read);
            byte[] part = new byte[PART_BYTES + MOST_LINE_BYTES];
            int held = 0;
            for (int got = in.read(part, 0, PART_BYTES); got > 0; got = in.read(part, held, PART_BYTES)) {
                held = lines(part, held + got, objects);
                if (held > MOST_LINE_BYTES) {
                    throw new IOException("a line of more than " + MOST_LINE_BYTES + " bytes");
                }
            }
            return new News(fromStart, objects);
        }
    }

    private boolean stillThere(RandomAccessFile in) throws IOException {
        if (in.length() < read) {
            return false;
        }
        byte[] there = new byte[lastLine.length];
        in.seek(read - lastLine.length);
        in.readFully(there);
        return Arrays.equals(there, lastLine);
    }

    /** Takes the whole lines out of the first {@code filled} bytes; how many bytes are left, now at the front. */
    private int lines(byte[] part, int filled, List<JsonNode> objects) {
        int start = 0;
        for (int i = 0; i < filled; i++) {
            if (part[i] == '\n') {
                add(new String(part, start, i - start, StandardCharsets.UTF_8), objects);
                lastLine = Arrays.copyOfRange(part, start, i + 1);
                start = i + 1;
            }
        }
        read += start;
        System.arraycopy(part, start, part, 0, filled - start);
        return filled - start;
    }

    private static void add(String line, List<JsonNode> objects) {
        try {
            JsonNode node = JSON.readTree(line);
            if (node.isObject()) {
                objects.add(node);
            }
        } catch (JsonProcessingException e) {
            return;
        }
    }
}
