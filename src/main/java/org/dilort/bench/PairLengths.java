package org.dilort.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.dilort.data.TokenizedPair;
import org.dilort.error.ConfigException;

/**
 * How many tokens a pair has.
 *
 * @param trunk tokens of the prompt, at least 1
 * @param chosen tokens of the response, at least 1
 * @param rejected likewise
 */
public record PairLengths(int trunk, int chosen, int rejected) {
    private static final long MOST_BYTES = 16L << 20;

    /** Smaller ids mean something to many tokenizers. */
    private static final int FIRST_ID = 3;

    public PairLengths {
        if (trunk < 1 || chosen < 1 || rejected < 1) {
            throw new IllegalArgumentException(
                    "got [" + trunk + ", " + chosen + ", " + rejected + "], expected lengths of at least 1");
        }
    }

    /** Two sequences of {@code length} tokens whose first quarter is the prompt. */
    public static PairLengths full(int length) {
        int trunk = Math.max(1, length / 4);
        return new PairLengths(trunk, length - trunk, length - trunk);
    }

    /**
     * Reads a JSON list of {@code [trunk, chosen, rejected]} lists.
     *
     * @throws ConfigException naming the file and the entry
     */
    public static List<PairLengths> read(Path file) {
        int[][] triples = triples(file);
        if (triples.length == 0) {
            throw new ConfigException(file + ": an empty list, expected lists [trunk, chosen, rejected]");
        }
        List<PairLengths> all = new ArrayList<>();
        for (int[] triple : triples) {
            all.add(of(triple, file + ": entry " + all.size()));
        }
        return all;
    }

    private static PairLengths of(int[] triple, String where) {
        if (triple == null || triple.length != 3) {
            String got = triple == null ? "null" : triple.length + " numbers";
            throw new ConfigException(where + ": got " + got + ", expected [trunk, chosen, rejected]");
        }
        try {
            return new PairLengths(triple[0], triple[1], triple[2]);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(where + ": " + e.getMessage(), e);
        }
    }

    private static int[][] triples(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new ConfigException(file + ": " + Files.size(file) + " bytes, expected at most " + MOST_BYTES
                        + " of a list of lengths");
            }
            int[][] read = new ObjectMapper()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .readValue(Files.readString(file), int[][].class);
            return read == null ? new int[0][] : read;
        } catch (JsonProcessingException e) {
            throw new ConfigException(
                    file + ": not a JSON list of [trunk, chosen, rejected]: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be read: " + e, e);
        }
    }

    /** A pair of random ids with these lengths. */
    public TokenizedPair draw(long index, int vocabulary, Random random) {
        return new TokenizedPair(
                index,
                ids(trunk, vocabulary, random),
                ids(chosen, vocabulary, random),
                ids(rejected, vocabulary, random));
    }

    private static int[] ids(int count, int vocabulary, Random random) {
        int first = Math.min(FIRST_ID, vocabulary - 1);
        return random.ints(count, first, vocabulary).toArray();
    }
}
