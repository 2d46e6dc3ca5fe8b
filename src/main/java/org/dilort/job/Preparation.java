package org.dilort.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dilort.config.ChatTemplate;
import org.dilort.config.Config;
import org.dilort.config.DataCache;
import org.dilort.data.DataPlan;
import org.dilort.data.PreparedData;
import org.dilort.data.SplitDataset;
import org.dilort.data.Tokenizer;
import org.dilort.files.Sha256;
import org.dilort.input.InputFiles;

/**
 * A run's data as token ids: read and tokenised, or taken from an earlier start over the same files with the same
 * tokenizer, template and limits.
 */
final class Preparation {
    /** To be raised when the same files and settings give other tokens than before, or other words about them. */
    private static final int PIPELINE = 2;

    private final Config config;
    private final RunSettings settings;
    private final int vocabulary;
    private final JobOutput output;
    private final PolicyFiles model;
    private final DataPlan plan;

    private Preparation(Config config, RunSettings settings, int vocabulary, JobOutput output) {
        this.config = config;
        this.settings = settings;
        this.vocabulary = vocabulary;
        this.output = output;
        this.model = PolicyFiles.of(config);
        this.plan = DataSets.plan(config.data());
    }

    static SplitDataset of(Config config, RunSettings settings, int vocabulary, JobOutput output) {
        Preparation preparation = new Preparation(config, settings, vocabulary, output);
        return config.data().cache() instanceof DataCache.Folder folder
                ? preparation.cached(new PreparedData(folder.path(), output::warn))
                : preparation.tokenized();
    }

    private SplitDataset cached(PreparedData cache) {
        String key = key();
        Optional<SplitDataset> found = cache.find(key);
        if (found.isPresent()) {
            output.line("data: prepared before, in " + cache.file(key));
            return found.get();
        }
        SplitDataset data = tokenized();
        cache.keep(key, data);
        return data;
    }

    private SplitDataset tokenized() {
        try (Tokenizer tokenizer = Tokenizer.open(model.folder())) {
            return DataSets.loader(config, settings, tokenizer, vocabulary).load(plan);
        }
    }

    /** SHA-256 of everything that the tokens and the findings depend on. */
    private String key() {
        List<String> parts = new ArrayList<>();
        parts.add("pipeline " + PIPELINE);
        parts.add("plan " + plan);
        plan.train().forEach(source -> addFiles(parts, InputFiles.expand(source.path())));
        addFiles(parts, InputFiles.expand(config.data().evalPaths()));
        addFiles(parts, modelFiles());
        parts.add("vocabulary " + vocabulary);
        parts.add("limits " + settings.limits());
        parts.add("rejected " + settings.objective().needsRejected());
        parts.add("ranked " + config.data().rankedPairs());
        parts.add("preset " + config.data().preset());
        parts.add("template " + config.data().chatTemplate().text());
        if (config.data().chatTemplate() instanceof ChatTemplate.TemplateFile file) {
            addFiles(parts, List.of(file.path()));
        }
        return Sha256.of(String.join("\n", parts).getBytes(StandardCharsets.UTF_8));
    }

    private static void addFiles(List<String> parts, List<Path> files) {
        for (Path file : files) {
            try {
                parts.add("file " + file + " " + Sha256.of(file));
            } catch (IOException e) {
                throw new UncheckedIOException(file + ": cannot be read", e);
            }
        }
    }

    /** Tokenizer, its settings and chat templates. */
    private List<Path> modelFiles() {
        try (Stream<Path> tree = Files.walk(model.folder(), 2)) {
            return tree.filter(Preparation::isText)
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(model.folder() + ": cannot be read", e);
        }
    }

    private static boolean isText(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".jinja") || name.endsWith(".json") && !name.endsWith(".index.json");
    }
}
