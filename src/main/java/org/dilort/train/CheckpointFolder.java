package org.dilort.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dilort.error.FormatException;
import org.dilort.files.DurableFiles;
import org.dilort.runtime.TrainablePolicy;

/**
 * The checkpoints of a run: {@code step-00000010/} with {@code checkpoint}, {@code checkpoint.data} and {@code
 * trainer.json}.
 *
 * <p>A checkpoint is written to {@code step-00000010.tmp/}, brought to the disk and renamed, so what has a final name
 * is whole. What is damaged later is seen by its hash and passed over. One process at a time, as {@link RunFolder}
 * makes sure.
 */
public final class CheckpointFolder {
    private static final Pattern NAME = Pattern.compile("step-(\\d{8,18})");
    private static final String TEMPORARY = ".tmp";

    private final Path folder;
    private final int keep;
    private final Warnings warnings;

    private CheckpointFolder(Path folder, int keep, Warnings warnings) {
        this.folder = folder;
        this.keep = keep;
        this.warnings = warnings;
    }

    /**
     * Makes the folder where there is none, and removes what a killed run left half-written in it.
     *
     * @param keep how many of the newest checkpoints stay, 1 or more
     */
    public static CheckpointFolder open(Path folder, int keep, Warnings warnings) {
        if (keep < 1) {
            throw new IllegalArgumentException("checkpoints to keep = " + keep + ", expected 1 or more");
        }
        try {
            Files.createDirectories(folder);
            for (Path leftover : entries(folder, name -> name.startsWith("step-") && name.endsWith(TEMPORARY))) {
                DurableFiles.deleteTree(leftover);
            }
        } catch (IOException e) {
            throw new RunFailedException(folder + ": not usable for checkpoints: " + DurableFiles.reason(e), e);
        }
        return new CheckpointFolder(folder, keep, warnings);
    }

    /**
     * Writes a checkpoint, then removes those of later steps, which an earlier attempt left, and all but the newest and those
     * of the best evaluations.
     *
     * @return the checkpoint's folder
     * @throws RunFailedException when it could not be written; the checkpoints before it are untouched
     */
    public Path save(CheckpointState state, TrainablePolicy policy) {
        Path target = folder.resolve(name(state.progress().step()));
        Path temporary = folder.resolve(target.getFileName() + TEMPORARY);
        try {
            DurableFiles.deleteTree(temporary);
            Files.createDirectory(temporary);
            policy.save(temporary.resolve(Checkpoint.POLICY_FILE));
            TrainerFile.write(temporary, state);
            for (Path file : DurableFiles.filesIn(temporary)) {
                DurableFiles.sync(file);
            }
            DurableFiles.syncFolder(temporary);
            discard(target);
            DurableFiles.moveIntoPlace(temporary, target);
        } catch (IOException e) {
            throw notWritten(target, e);
        } catch (UncheckedIOException e) {
            throw notWritten(target, e.getCause());
        } finally {
            removeOrWarn(temporary);
        }
        prune(state);
        return target;
    }

    /**
     * The newest checkpoint that is intact; a damaged one is passed over with a warning.
     *
     * @throws FormatException when there are checkpoints and all are damaged
     */
    public Optional<Checkpoint> latest() {
        List<Path> newestFirst = checkpoints();
        for (Path path : newestFirst) {
            try {
                return Optional.of(TrainerFile.verified(path));
            } catch (FormatException damaged) {
                warnings.warn(damaged.getMessage() + "; passing over checkpoint " + path.getFileName());
            }
        }
        if (!newestFirst.isEmpty()) {
            throw new FormatException(folder + ": all of its checkpoints (" + newestFirst.size()
                    + ") are damaged, expected an intact one to resume from; remove the folder to start anew");
        }
        return Optional.empty();
    }

    /**
     * The checkpoint of a step.
     *
     * @throws FormatException when it is not there, or damaged
     */
    public Checkpoint at(long step) {
        Path path = folder.resolve(name(step));
        if (!Files.exists(path)) {
            throw new FormatException(path + ": there is no such checkpoint, expected that of the best evaluation");
        }
        return TrainerFile.verified(path);
    }

    private RunFailedException notWritten(Path target, IOException cause) {
        String why = Files.isDirectory(folder)
                ? DurableFiles.reason(cause) + "; earlier ones are untouched"
                : "its folder was removed or moved while the run went on";
        return new RunFailedException(target + ": checkpoint not written: " + why, cause);
    }

    private void prune(CheckpointState newest) {
        int kept = 0;
        for (Path path : checkpoints()) {
            long step = stepOf(path);
            boolean best = newest.best().values().stream().anyMatch(found -> found.step() == step);
            if (step > newest.progress().step() || kept == keep && !best) {
                removeOrWarn(path);
            } else if (kept < keep) {
                kept++;
            }
        }
    }

    private void removeOrWarn(Path path) {
        try {
            discard(path);
        } catch (IOException e) {
            warnings.warn(path + ": not removed: " + DurableFiles.reason(e));
        }
    }

    /** Takes the final name away first: a checkpoint that is half removed must not look like one. */
    private static void discard(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        Path discarded = path.resolveSibling(path.getFileName() + ".old" + TEMPORARY);
        DurableFiles.deleteTree(discarded);
        DurableFiles.moveIntoPlace(path, discarded);
        DurableFiles.deleteTree(discarded);
    }

    private List<Path> checkpoints() {
        try {
            List<Path> found = entries(folder, name -> NAME.matcher(name).matches());
            found.sort(Comparator.comparingLong(CheckpointFolder::stepOf).reversed());
            return found;
        } catch (IOException e) {
            throw new RunFailedException(folder + ": not readable: " + DurableFiles.reason(e), e);
        }
    }

    private interface NameFilter {
        boolean accepts(String name);
    }

    private static List<Path> entries(Path folder, NameFilter filter) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return new ArrayList<>(
                    entries.filter(path -> filter.accepts(path.getFileName().toString()))
                            .toList());
        }
    }

    private static String name(long step) {
        return String.format(Locale.ROOT, "step-%08d", step);
    }

    private static long stepOf(Path path) {
        Matcher matcher = NAME.matcher(path.getFileName().toString());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(path + ": not the name of a checkpoint");
        }
        return Long.parseLong(matcher.group(1));
    }
}
