package org.dilort.weights;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Tensor names as they stand in messages. */
public final class TensorNames {
    private static final int PRINTED = 200;
    private static final int COMPARED = 20_000;
    private static final int LISTED = 5;

    private TensorNames() {}

    /** One line, at most 200 characters, whatever the name holds. */
    public static String printable(String name) {
        String cut = name.length() > PRINTED ? name.substring(0, PRINTED) + "..." : name;
        StringBuilder text = new StringBuilder(cut.length());
        for (char c : cut.toCharArray()) {
            if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    /** The first few names and how many more there are. */
    public static String list(List<String> names) {
        String shown = String.join(
                ", ", names.stream().limit(LISTED).map(TensorNames::printable).toList());
        return names.size() <= LISTED ? shown : shown + " and " + (names.size() - LISTED) + " more";
    }

    /** The candidate with the fewest changed characters, when at most a third of the name changes. */
    static Optional<String> nearest(String name, Collection<String> candidates) {
        int limit = Math.max(1, name.length() / 3);
        record Scored(String name, int distance) {}
        return candidates.stream()
                .limit(COMPARED)
                .filter(candidate -> Math.abs(candidate.length() - name.length()) <= limit)
                .filter(candidate -> candidate.length() <= PRINTED)
                .map(candidate -> new Scored(candidate, distance(name, candidate)))
                .filter(scored -> scored.distance() <= limit)
                .min(Comparator.comparingInt(Scored::distance))
                .map(Scored::name);
    }

    /** Levenshtein distance. */
    private static int distance(String left, String right) {
        int[] row = new int[right.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[right.length()];
    }
}
