package org.dilort.data;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Pairs to train on, and pairs that are held out.
 *
 * @param heldOut empty where nothing is held out; one out of the same files has no files of its own
 * @param parts sources of the held-out pairs, in their order; empty where these are out of the same files
 */
public record SplitDataset(PairDataset train, PairDataset heldOut, List<HeldOutPart> parts) {

    public SplitDataset {
        parts = List.copyOf(parts);
    }

    /** Positions among the held-out pairs of those that have a name, by that name; empty for a name of which none is left. */
    public SortedMap<String, int[]> named() {
        SortedMap<String, int[]> named = new TreeMap<>();
        parts.stream()
                .map(HeldOutPart::name)
                .filter(name -> !name.isEmpty())
                .forEach(name -> named.computeIfAbsent(name, this::positions));
        return named;
    }

    private int[] positions(String name) {
        List<HeldOutPart> own =
                parts.stream().filter(part -> part.name().equals(name)).toList();
        List<TokenizedPair> pairs = heldOut.pairs();
        return IntStream.range(0, pairs.size())
                .filter(i -> own.stream().anyMatch(part -> part.has(pairs.get(i))))
                .toArray();
    }
}
