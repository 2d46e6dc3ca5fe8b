package org.dilort.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** Makes checks one after another and tells each as soon as it is made. For one thread. */
public final class Checklist {
    private static final int SHOWN_PROBLEMS = 3;

    private final Consumer<CheckLine> listener;
    private int passed;
    private int failed;
    private int skipped;

    public Checklist(Consumer<CheckLine> listener) {
        this.listener = listener;
    }

    /** Looks at one thing. */
    public interface Check {
        /**
         * @param problems takes each problem, as "what: got, expected (where)"
         * @return what was found, a few words; ignored where there are problems
         */
        String run(List<String> problems);
    }

    /** Whether nothing was wrong. What a check throws is its problem: it reads damaged files with foreign parsers. */
    public boolean check(String name, Check check) {
        List<String> problems = new ArrayList<>();
        String found = "";
        try {
            found = check.run(problems);
        } catch (RuntimeException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
        if (problems.isEmpty()) {
            passed++;
            listener.accept(new CheckLine.Passed(name, found));
            return true;
        }
        failed++;
        listener.accept(new CheckLine.Failed(name, joined(problems)));
        return false;
    }

    /** Reads something that later checks need; empty where that failed. */
    <T> Optional<T> read(String name, Supplier<T> reader, Function<T, String> found) {
        List<T> values = new ArrayList<>();
        check(name, problems -> {
            values.add(reader.get());
            return found.apply(values.get(0));
        });
        return values.stream().findFirst();
    }

    public void skip(String name, String reason) {
        skipped++;
        listener.accept(new CheckLine.Skipped(name, reason));
    }

    public boolean hasFailures() {
        return failed > 0;
    }

    /** The counts, as the last line. */
    public String summary() {
        return passed + failed + " checks: " + passed + " ok, " + failed + " failed"
                + (skipped == 0 ? "" : "; " + skipped + " skipped");
    }

    private static String joined(List<String> problems) {
        int rest = problems.size() - SHOWN_PROBLEMS;
        String shown = String.join("; ", problems.subList(0, Math.min(SHOWN_PROBLEMS, problems.size())));
        return (rest > 0 ? shown + "; and " + rest + " more" : shown).replaceAll("\\p{Cntrl}", " ");
    }
}
