package org.dilort.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dilort.error.ConfigException;
import org.dilort.error.Nearest;

/**
 * Reads a sweep, a YAML or JSON file:
 *
 * <pre>
 * base: configs/demo.yaml           # the configuration that all runs begin from
 * output: out/heads                 # folder of all results
 * set: {train: {eval_every: 10}}    # over the base, in every run
 * runs:                             # each of these ...
 *   - {name: LSIF, head: {name: lsif}}
 *   - {name: DPO, head: {name: dpo}}
 * grid:                             # ... with every combination of these ...
 *   train: {learning_rate: [1e-5, 5e-5]}
 * seeds: [1, 2, 3]                  # ... with each of these as train.seed
 * </pre>
 *
 * <p>{@code set}, {@code runs} and {@code grid} are cut out of a configuration: the same keys, nested in the same way. Runs share
 * tokenised data and reference log-probabilities, and a run that is there already is gone on with.
 */
public final class SweepLoader {
    private static final Set<String> KEYS =
            new LinkedHashSet<>(List.of("base", "output", "set", "runs", "grid", "seeds"));
    private static final int MOST_RUNS = 10_000;
    private static final String NAME = "name";

    private final Path file;
    private final ConfigTree tree;
    private final Path base;
    private final Path output;

    private SweepLoader(Path file) {
        this.file = file;
        this.tree = ConfigLoader.tree(file);
        requireKnownKeys();
        this.base = path("base", "a configuration file");
        this.output = path("output", "a folder");
        ConfigLoader.tree(base);
    }

    /** @throws ConfigException for a file that is no sweep, and for a run whose configuration is wrong, which it names */
    public static Sweep load(Path file) {
        return new SweepLoader(file).sweep();
    }

    private Sweep sweep() {
        List<SweepRun> runs = SweepRun.combined(runs(), Fragment.axes(mapping("grid"), tree));
        List<String> seeds = seeds();
        long count = (long) runs.size() * Math.max(1, seeds.size());
        if (count > MOST_RUNS) {
            throw new ConfigException(file + ": " + count + " runs, expected at most " + MOST_RUNS);
        }
        List<String> common = common();
        List<Sweep.Run> all = new ArrayList<>();
        Map<Path, String> folders = new HashMap<>();
        for (SweepRun run : runs) {
            for (String seed : seeds.isEmpty() ? List.of("") : seeds) {
                Sweep.Run loaded = load(run, common, seed);
                String other = folders.put(loaded.config().output(), run.name());
                if (other != null) {
                    throw new ConfigException(file + ": runs \"" + other + "\" and \"" + run.name()
                            + "\" have one folder " + loaded.config().output() + ", expected names of their own");
                }
                all.add(loaded);
            }
        }
        String name = file.getFileName().toString();
        return new Sweep(name.substring(0, name.lastIndexOf('.')), output, all);
    }

    /** Over the base in every run; what the sweep's user sets comes after what a sweep does by itself. */
    private List<String> common() {
        List<String> common = new ArrayList<>();
        common.add("reference.cache=" + output.resolve("cache").resolve("reference"));
        common.add("data.cache=" + output.resolve("cache").resolve("data"));
        common.addAll(Fragment.settings(mapping("set")));
        return common;
    }

    private Sweep.Run load(SweepRun run, List<String> common, String seed) {
        List<String> settings = new ArrayList<>(common);
        settings.addAll(run.settings());
        Path folder = output.resolve(run.folder());
        if (!seed.isEmpty()) {
            settings.add("train.seed=" + seed);
            folder = folder.resolve("seed-" + seed);
        }
        settings.add("train.resume=true");
        settings.add("output=" + folder);
        try {
            return new Sweep.Run(run.name(), ConfigLoader.load(base, settings));
        } catch (ConfigException e) {
            throw new ConfigException(file + ": run \"" + run.name() + "\": " + e.getMessage(), e);
        }
    }

    private List<SweepRun> runs() {
        JsonNode runs = tree.root().path("runs");
        if (runs.isMissingNode()) {
            return List.of(new SweepRun("", List.of()));
        }
        if (!runs.isArray() || runs.isEmpty()) {
            throw tree.wrong("runs", ConfigTree.describe(runs), "a list of mappings, such as [{head: {name: lsif}}]");
        }
        List<SweepRun> read = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            read.add(run("runs." + i, runs.get(i)));
        }
        return read;
    }

    private SweepRun run(String key, JsonNode node) {
        if (!(node instanceof ObjectNode mapping)) {
            throw tree.wrong(key, ConfigTree.describe(node), "a mapping, such as {name: LSIF, head: {name: lsif}}");
        }
        ObjectNode fragment = mapping.deepCopy();
        JsonNode name = fragment.remove(NAME);
        List<String> settings = Fragment.settings(fragment);
        if (name == null) {
            return new SweepRun(Fragment.shortNames(settings), settings);
        }
        if (!name.isTextual() || name.asText().isBlank()) {
            throw tree.wrong(key + "." + NAME, ConfigTree.describe(name), "a text");
        }
        return new SweepRun(ConfigTree.shorten(name.asText()), settings);
    }

    private List<String> seeds() {
        JsonNode seeds = tree.root().path("seeds");
        List<String> read = new ArrayList<>();
        if (!seeds.isMissingNode() && !seeds.isArray()) {
            throw tree.wrong("seeds", ConfigTree.describe(seeds), "a list of whole numbers, such as [1, 2, 3]");
        }
        for (JsonNode seed : seeds) {
            if (!seed.asText().matches("[0-9]{1,18}")) {
                throw tree.wrong("seeds", ConfigTree.describe(seed), "whole numbers");
            }
            read.add(seed.asText());
        }
        return read;
    }

    private ObjectNode mapping(String key) {
        JsonNode node = tree.root().path(key);
        if (node.isMissingNode()) {
            return JsonNodeFactory.instance.objectNode();
        }
        if (node instanceof ObjectNode mapping) {
            return mapping;
        }
        throw tree.wrong(key, ConfigTree.describe(node), "keys of a configuration, nested as they are there");
    }

    private Path path(String key, String what) {
        JsonNode node = tree.root().path(key);
        if (node.isMissingNode()) {
            throw new ConfigException(file + ": " + key + ": missing, expected " + what);
        }
        if (!node.isTextual()) {
            throw tree.wrong(key, ConfigTree.describe(node), what);
        }
        return Paths.parse(node.asText(), what);
    }

    private void requireKnownKeys() {
        tree.root().fieldNames().forEachRemaining(key -> {
            if (!KEYS.contains(key)) {
                String hint = Nearest.to(key, List.copyOf(KEYS))
                        .map(nearest -> "did you mean " + nearest + "?")
                        .orElse("known here: " + String.join(", ", KEYS));
                throw new ConfigException("unknown key " + key + "; " + hint + " (" + tree.place(key) + ")");
            }
        });
    }
}
