package org.dilort.model;

/**
 * How a row's queries are cut for attention. Every chunk has nodes of its own; those beyond a short row's end work on
 * nothing.
 *
 * @param tokens queries of one chunk
 * @param count how many chunks there are; the last one takes all that is left
 */
public record QueryChunks(int tokens, int count) {
    public static final QueryChunks WHOLE = new QueryChunks(1, 1);

    private static final int SHORTEST = 512;
    private static final int MOST = 8;

    public QueryChunks {
        if (tokens < 1 || count < 1) {
            throw new IllegalArgumentException("chunks of " + tokens + " queries, " + count + " of them");
        }
    }

    /**
     * For rows of up to {@code longest} tokens: chunks of 512 queries, or 8 longer ones, because ONNX Runtime's planner
     * takes longer than in proportion to plan the nodes of more.
     */
    public static QueryChunks forRows(int longest) {
        return forRows(longest, SHORTEST);
    }

    /** The same with chunks of at least {@code shortest} queries. */
    public static QueryChunks forRows(int longest, int shortest) {
        int tokens = Math.max(shortest, (longest + MOST - 1) / MOST);
        return new QueryChunks(tokens, Math.max(1, (longest + tokens - 1) / tokens));
    }

    public boolean isWhole() {
        return count == 1;
    }

    /** From a chunk's first token to the one behind its last, {@link Long#MAX_VALUE} for the last chunk. */
    record Range(long from, long to) {

        /** The same stretch where every token has {@code each} places. */
        Range times(long each) {
            return new Range(from * each, to == Long.MAX_VALUE ? to : to * each);
        }
    }

    Range range(int chunk) {
        long from = (long) chunk * tokens;
        return new Range(from, chunk == count - 1 ? Long.MAX_VALUE : from + tokens);
    }

    long to(int chunk) {
        return range(chunk).to();
    }
}
