package org.dilort.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dilort.files.Resources;

/** What every key means, from {@code keys.txt}: the one source of the schema, of new configurations and of the documentation. */
final class KeyTable {
    static final Map<String, Entry> ENTRIES = read();

    private KeyTable() {}

    /**
     * A key.
     *
     * @param words values beside numbers, such as none
     */
    record Entry(String key, Range range, List<String> words, String meaning) {
        Entry {
            words = List.copyOf(words);
        }
    }

    /** The numbers that a key takes. */
    record Range(double low, End lowEnd, double high, End highEnd) {
        static final Range ALL = new Range(Double.NEGATIVE_INFINITY, End.OPEN, Double.POSITIVE_INFINITY, End.OPEN);

        /** Whether the end itself is in the range. */
        enum End {
            OPEN,
            CLOSED
        }

        static Range parse(String text) {
            if (text.isEmpty()) {
                return ALL;
            }
            if (text.startsWith(">")) {
                boolean closed = text.startsWith(">=");
                double low = Double.parseDouble(text.substring(closed ? 2 : 1).strip());
                return new Range(low, closed ? End.CLOSED : End.OPEN, Double.POSITIVE_INFINITY, End.OPEN);
            }
            String[] ends = text.split("\\.\\.");
            boolean open = ends[1].startsWith("<");
            double high = Double.parseDouble(open ? ends[1].substring(1) : ends[1]);
            return new Range(Double.parseDouble(ends[0]), End.CLOSED, high, open ? End.OPEN : End.CLOSED);
        }
    }

    static Entry of(String key) {
        Entry entry = ENTRIES.get(key);
        if (entry == null) {
            throw new IllegalStateException("keys.txt does not know " + key);
        }
        return entry;
    }

    private static Map<String, Entry> read() {
        Map<String, Entry> entries = new LinkedHashMap<>();
        text().lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            String[] cells = line.split("\\|", 3);
            List<String> range = new ArrayList<>(Arrays.asList(cells[1].strip().split(" or ")));
            String numbers = range.remove(0);
            entries.put(cells[0].strip(), new Entry(cells[0].strip(), Range.parse(numbers), range, cells[2].strip()));
        });
        return entries;
    }

    private static String text() {
        return Resources.text(KeyTable.class, "keys.txt");
    }
}
