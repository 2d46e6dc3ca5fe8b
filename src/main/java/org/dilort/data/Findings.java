package org.dilort.data;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.dilort.error.DataException;

/**
 * How often each kind of finding occurs in a data set, and the first of them.
 *
 * @param examples examples that were looked at
 */
public record Findings(Map<FindingKind, Entry> entries, long examples) {
    private static final int NAMED = 3;

    /** @param first the first findings of a kind, as many as were asked for */
    public record Entry(long count, List<Finding> first) {
        public Entry {
            first = List.copyOf(first);
        }
    }

    public Findings {
        entries = Map.copyOf(entries);
    }

    /** The kinds that were found, in their order. */
    public List<FindingKind> kinds() {
        return entries.keySet().stream().sorted().toList();
    }

    /** What was found of a kind; nothing where it is not among {@link #kinds}. */
    public Entry of(FindingKind kind) {
        return entries.getOrDefault(kind, new Entry(0, List.of()));
    }

    public boolean grave(FindingKind kind) {
        return kind.grave(of(kind).count(), examples);
    }

    /** One line for each kind: how many, and where the first ones are. */
    public List<String> summary() {
        return kinds().stream().map(this::line).toList();
    }

    public boolean anyGrave() {
        return kinds().stream().anyMatch(this::grave);
    }

    /** @throws DataException naming the places of what is grave */
    public void requireNothingGrave() {
        String grave = kinds().stream().filter(this::grave).map(this::line).collect(Collectors.joining("; "));
        if (!grave.isEmpty()) {
            throw new DataException(grave + "; data validate shows them all");
        }
    }

    private String line(FindingKind kind) {
        Entry entry = of(kind);
        String places = entry.first().stream()
                .limit(NAMED)
                .map(finding -> finding.source().toString())
                .collect(Collectors.joining(", "));
        String more = entry.count() > Math.min(NAMED, entry.first().size()) ? ", ..." : "";
        String of = String.format(Locale.ROOT, "%,d of %,d: ", entry.count(), examples);
        return (grave(kind) ? "grave: " : "") + of + kind.label() + " (" + places + more + ")";
    }

    /** Collects findings; for one thread. */
    static final class Collector {
        private final int kept;
        private final Map<FindingKind, Long> counts = new EnumMap<>(FindingKind.class);
        private final Map<FindingKind, List<Finding>> first = new EnumMap<>(FindingKind.class);
        private long examples;

        /** @param kept findings of each kind that are kept */
        Collector(int kept) {
            this.kept = kept;
        }

        void example() {
            examples++;
        }

        void add(Finding finding) {
            counts.merge(finding.kind(), 1L, Long::sum);
            List<Finding> list = first.computeIfAbsent(finding.kind(), kind -> new ArrayList<>());
            if (list.size() < kept) {
                list.add(finding);
            }
        }

        Findings findings() {
            Map<FindingKind, Entry> entries = new EnumMap<>(FindingKind.class);
            counts.forEach((kind, count) -> entries.put(kind, new Entry(count, first.getOrDefault(kind, List.of()))));
            return new Findings(entries, examples);
        }
    }
}
