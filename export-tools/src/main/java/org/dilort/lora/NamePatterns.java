package org.dilort.lora;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.dilort.error.ConfigException;
import org.dilort.error.Nearest;

/**
 * Names chosen by patterns: a regular expression for the whole name, or for its end after a dot, so that
 * {@code q_proj} stands for the projection of every layer and {@code model\.layers\.[0-7]\..*_proj} for those of eight.
 *
 * @param key of the configuration, for complaints
 * @param what the names are names of
 */
record NamePatterns(String key, List<String> patterns, String what) {

    NamePatterns {
        patterns = List.copyOf(patterns);
    }

    /** Those of {@code names} that a pattern fits, in their order; every pattern must fit one. */
    Set<String> choose(Collection<String> names) {
        Set<String> chosen = new LinkedHashSet<>();
        for (String text : patterns) {
            Pattern pattern = compile(text);
            List<String> fitting =
                    names.stream().filter(name -> fits(pattern, name)).toList();
            if (fitting.isEmpty()) {
                throw unknown(text, names);
            }
            chosen.addAll(fitting);
        }
        return inOrder(names, chosen);
    }

    private static Set<String> inOrder(Collection<String> names, Set<String> chosen) {
        Set<String> ordered = new LinkedHashSet<>(names);
        ordered.retainAll(chosen);
        return ordered;
    }

    private static boolean fits(Pattern pattern, String name) {
        return pattern.matcher(name).matches();
    }

    private Pattern compile(String text) {
        try {
            return Pattern.compile("(?:.*\\.)?(?:" + Pattern.compile(text) + ")");
        } catch (PatternSyntaxException e) {
            throw new ConfigException(key + ": got \"" + text + "\", expected a regular expression ("
                    + e.getDescription() + " at " + e.getIndex() + ")");
        }
    }

    private ConfigException unknown(String text, Collection<String> names) {
        Set<String> candidates = new LinkedHashSet<>();
        names.forEach(name -> candidates.add(name.substring(name.lastIndexOf('.') + 1)));
        List<String> ends = new ArrayList<>(candidates);
        candidates.addAll(names);
        String hint = Nearest.to(text, candidates)
                .map(name -> "did you mean " + name + "?")
                .orElseGet(() -> "it has " + String.join(", ", ends));
        return new ConfigException(key + ": got \"" + text + "\", which fits no " + what + " of the model; " + hint);
    }
}
