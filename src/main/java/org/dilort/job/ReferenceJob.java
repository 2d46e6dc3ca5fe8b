package org.dilort.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.dilort.config.Config;
import org.dilort.error.ConfigException;
import org.dilort.files.DurableFiles;
import org.dilort.files.TemporaryFolders;
import org.dilort.train.ReferenceFile;
import org.dilort.train.RunFolder;

/** {@code dil-ort reference}: log-probabilities under the reference, apart from a run. */
public final class ReferenceJob {
    private ReferenceJob() {}

    /**
     * The pairs that one of several machines computes: every {@code of}-th.
     *
     * @param number 1 to {@code of}
     */
    public record Part(int number, int of) {
        public static final Part WHOLE = new Part(1, 1);

        public Part {
            if (number < 1 || number > of) {
                throw new ConfigException(
                        "--part: got " + number + "/" + of + ", expected I/N with 1 <= I <= N, such as 2/4");
            }
        }

        boolean has(int pair) {
            return pair % of == number - 1;
        }
    }

    /** Fills {@code reference.cache} with what a run of this configuration would compute first. */
    public static void compute(Config config, Part part, JobOutput output) {
        ConfigCheck.run(config);
        ChosenDevice device = ChosenDevice.of(config);
        Path scratch = TemporaryFolders.create("reference");
        try (RunFolder folder = RunFolder.open(scratch, RunFolder.Existing.REFUSE);
                StartingModel start = StartingModel.open(config);
                Tuning tuning = Tuning.of(config, start, folder.artifacts())) {
            RunSettings settings = RunSettings.of(config, tuning.model(), device);
            if (!settings.objective().needsReference()) {
                throw new ConfigException("head.name: got "
                        + settings.objective().name() + ", which needs no reference, expected a head that does");
            }
            output.line(device.note());
            RunContext run = new RunContext(config, output, folder, start, tuning, settings);
            DataSets data = DataSets.load(config, settings, start.model().size().vocabulary(), output);
            if (tuning.initial().isEmpty()) {
                run.artifacts().writeCheckpoint(tuning.model(), settings.optimizer(), tuning.beginning());
            }
            References references = new References(run);
            references.compute("data.train", data.train(), part);
            if (!data.eval().isEmpty()) {
                references.compute("data.eval", data.eval(), part);
            }
        } finally {
            delete(scratch);
        }
    }

    /** Says what files hold, without the data that they are for. */
    public static void inspect(List<Path> files, JobOutput output) {
        for (Path path : files) {
            ReferenceFile file = ReferenceFile.read(path);
            output.line(path + ": " + pairs(file));
            file.key().hashes().forEach((name, hash) -> output.line("  " + name + " " + hash));
            if (file.damagedBytes() > 0) {
                output.line("  damaged or cut: the last " + file.damagedBytes() + " bytes");
            }
            if (!file.values().isEmpty()) {
                output.line(sums("chosen", file, 0));
                output.line(sums("rejected", file, 1));
            }
        }
    }

    private static String pairs(ReferenceFile file) {
        String detail = file.key().hashes().containsKey("values") ? ", every token" : "";
        return String.format(Locale.ROOT, "%,d of %,d pairs%s", file.values().size(), file.pairs(), detail);
    }

    private static String sums(String name, ReferenceFile file, int side) {
        double[] sums = file.values().values().stream()
                .mapToDouble(values -> values[side])
                .sorted()
                .toArray();
        double mean = Arrays.stream(sums).average().orElse(0);
        return String.format(
                Locale.ROOT,
                "  %-9s log-probability: least %.2f, mean %.2f, greatest %.2f nats",
                name,
                sums[0],
                mean,
                sums[sums.length - 1]);
    }

    /** Puts parts together into the file that a run with the cache {@code folder} looks for. */
    public static void merge(List<Path> parts, Path folder, JobOutput output) {
        ReferenceFile merged = ReferenceFile.merge(parts, folder);
        output.line(merged.path() + ": " + pairs(merged));
    }

    private static void delete(Path folder) {
        try {
            DurableFiles.deleteTree(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be removed", e);
        }
    }
}
