package org.dilort.export;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.dilort.model.ModelSize;

/**
 * Whether a decoder says the same of a sequence however a client feeds it: at once or token by token with the cache,
 * padded on the left as Optimum does or on the right as onnxruntime-genai does.
 */
final class DecodingCheck {
    /** Of a float32 logit, times {@code max(1, |logit|)}. */
    static final double TOLERANCE = 1e-4;

    private static final int LENGTH = 16;
    private static final int FIRST_ID = 31;

    /** A prime, about 2^32 divided by the golden ratio. */
    private static final long ID_STEP = 2_654_435_761L;

    private final DecoderSession session;
    private final String file;
    private final double tolerance;
    private final int[] tokens;
    private final int[] shorter;

    /** @param tolerance of a logit, times {@code max(1, |logit|)} */
    DecodingCheck(DecoderSession session, String file, double tolerance) {
        this.session = session;
        this.file = file;
        this.tolerance = tolerance;
        this.tokens = fixedIds(session.size());
        this.shorter = Arrays.copyOfRange(tokens, tokens.length * 3 / 8, tokens.length);
    }

    /** Spread over the whole vocabulary. */
    static int[] fixedIds(ModelSize size) {
        return IntStream.range(0, Math.max(2, Math.min(LENGTH, size.maxPositions())))
                .map(i -> (int) ((FIRST_ID + i * ID_STEP) % size.vocabulary()))
                .toArray();
    }

    private enum Padding {
        LEFT,
        RIGHT;

        /** Columns of padding before the first token. */
        int before(int[] row, int length) {
            return this == LEFT ? length - row.length : 0;
        }
    }

    String cache(List<String> problems) {
        List<int[]> row = List.of(tokens);
        float[] whole = logits(row, Padding.LEFT, tokens.length)[0];
        float[] steps = logits(row, Padding.LEFT, Math.max(1, tokens.length / 2))[0];
        double greatest = compare("token by token", steps, whole, problems);
        return String.format(Locale.ROOT, "%d tokens, greatest difference %.1e", tokens.length, greatest);
    }

    String padding(List<String> problems) {
        List<int[]> rows = List.of(tokens, shorter);
        float[] alone = logits(List.of(shorter), Padding.LEFT, shorter.length)[0];
        float[] left = logits(rows, Padding.LEFT, tokens.length)[1];
        float[] right = logits(rows, Padding.RIGHT, tokens.length)[1];
        double greatest = Math.max(
                compare("padded on the left", left, alone, problems),
                compare("padded on the right", right, alone, problems));
        return String.format(
                Locale.ROOT,
                "%d tokens padded to %d, greatest difference %.1e",
                shorter.length,
                tokens.length,
                greatest);
    }

    /** @return the greatest difference, relative to {@code max(1, |expected|)}, up to the first that is too great */
    private double compare(String what, float[] got, float[] expected, List<String> problems) {
        double greatest = 0;
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs(got[i] - expected[i]) / Math.max(1, Math.abs(expected[i]));
            if (!(difference <= tolerance)) {
                int vocabulary = session.size().vocabulary();
                problems.add(String.format(
                        Locale.ROOT,
                        "%s: token %d, logit %d: got %.6f, expected %.6f within %.0e (%s)",
                        what,
                        i / vocabulary,
                        i % vocabulary,
                        got[i],
                        expected[i],
                        tolerance,
                        file));
                return difference;
            }
            greatest = Math.max(greatest, difference);
        }
        return greatest;
    }

    /**
     * The first columns in one call, each further one in its own.
     *
     * @return {@code [rows][tokens of the row * vocabulary]}
     */
    private float[][] logits(List<int[]> rows, Padding padding, int firstColumns) {
        int vocabulary = session.size().vocabulary();
        int length = rows.stream().mapToInt(row -> row.length).max().orElseThrow();
        float[][] all = new float[rows.size()][];
        rows.forEach(row -> all[rows.indexOf(row)] = new float[row.length * vocabulary]);
        try (DecoderRun run = new DecoderRun(session, rows.size())) {
            int columns = firstColumns;
            for (int start = 0; start < length; start += columns) {
                columns = start == 0 ? firstColumns : 1;
                FloatBuffer logits = run.forward(block(rows, padding, length, start, columns));
                for (int row = 0; row < rows.size(); row++) {
                    for (int column = 0; column < columns; column++) {
                        int position = start + column - padding.before(rows.get(row), length);
                        if (position >= 0 && position < rows.get(row).length) {
                            int from = (row * columns + column) * vocabulary;
                            logits.get(from, all[row], position * vocabulary, vocabulary);
                        }
                    }
                }
            }
        }
        return all;
    }

    private static TokenBlock block(List<int[]> rows, Padding padding, int length, int start, int columns) {
        TokenBlock block = TokenBlock.empty(rows.size(), columns);
        for (int row = 0; row < rows.size(); row++) {
            int[] tokens = rows.get(row);
            int before = padding.before(tokens, length);
            for (int column = 0; column < columns; column++) {
                int position = start + column - before;
                if (position >= 0 && position < tokens.length) {
                    block.put(row, column, tokens[position], position);
                }
            }
        }
        return block;
    }
}
