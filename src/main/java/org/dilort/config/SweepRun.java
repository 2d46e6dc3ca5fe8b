package org.dilort.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A run of a sweep before it is loaded.
 *
 * @param settings {@code key=value} over the configuration, later ones win
 */
record SweepRun(String name, List<String> settings) {
    SweepRun {
        settings = List.copyOf(settings);
    }

    /** Every run with every choice of the first axis, each of them with every choice of the second, and so on. */
    static List<SweepRun> combined(List<SweepRun> runs, List<List<String>> axes) {
        List<SweepRun> all = runs;
        for (List<String> axis : axes) {
            List<SweepRun> more = new ArrayList<>();
            for (SweepRun run : all) {
                axis.forEach(setting -> more.add(run.with(setting)));
            }
            all = more;
        }
        return all;
    }

    private SweepRun with(String setting) {
        List<String> more = new ArrayList<>(settings);
        more.add(setting);
        String added = Fragment.shortNames(List.of(setting));
        return new SweepRun(name.isEmpty() ? added : name + ", " + added, more);
    }

    /** A name for a folder that every file system takes. */
    String folder() {
        String plain =
                name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._=-]+", "-").replaceAll("^[-.]+|[-.]+$", "");
        return plain.isEmpty() ? "run" : plain;
    }
}
