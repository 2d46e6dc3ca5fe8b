package org.dilort.train;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dilort.error.ConfigException;
import org.dilort.files.DurableFiles;

/**
 * The output folder of one run, held against every other process, by a lock on its file {@code .lock}, until it is
 * closed.
 */
public final class RunFolder implements AutoCloseable {

    /** What to do with a folder that a run has written before. */
    public enum Existing {
        REFUSE,
        RESUME
    }

    private static final String LOCK = ".lock";
    private static final String CONFIG = "config.yaml";
    private static final String METRICS = "metrics.jsonl";
    private static final String REMARKS = "remarks.jsonl";
    private static final String SUMMARY = "summary.json";
    private static final String SAMPLES = "samples.jsonl";
    private static final String REPORT = "report.html";
    private static final String TENSORBOARD = "tensorboard";
    private static final String MLFLOW = "mlflow.json";
    private static final String ARTIFACTS = "artifacts";
    private static final String CHECKPOINTS = "checkpoints";
    private static final String ADAPTER = "adapter";
    private static final String HF = "hf";
    private static final String EXPORT = "export";
    private static final List<String> OF_A_RUN = List.of(
            CONFIG,
            METRICS,
            REMARKS,
            SUMMARY,
            SAMPLES,
            REPORT,
            TENSORBOARD,
            MLFLOW,
            ARTIFACTS,
            CHECKPOINTS,
            ADAPTER,
            HF,
            EXPORT);

    private final Path folder;
    private final Existing existing;
    private final ProcessLock lock;

    private RunFolder(Path folder, Existing existing, ProcessLock lock) {
        this.folder = folder;
        this.existing = existing;
        this.lock = lock;
    }

    /**
     * Makes the folder where there is none, and takes hold of it. Files that are not a run's do not matter.
     *
     * @throws ConfigException when it cannot be had: another process's, another run's, not writable, not a folder
     */
    public static RunFolder open(Path folder, Existing existing) {
        create(folder);
        boolean hadLock = Files.exists(folder.resolve(LOCK));
        RunFolder opened = new RunFolder(folder, existing, lock(folder));
        try {
            requireFree(folder, existing);
            return opened;
        } catch (ConfigException e) {
            opened.close();
            if (!hadLock) {
                removeLock(folder);
            }
            throw e;
        }
    }

    public Path folder() {
        return folder;
    }

    public Path config() {
        return folder.resolve(CONFIG);
    }

    public Path metrics() {
        return folder.resolve(METRICS);
    }

    public Path remarks() {
        return folder.resolve(REMARKS);
    }

    public Path summary() {
        return folder.resolve(SUMMARY);
    }

    public Path samples() {
        return folder.resolve(SAMPLES);
    }

    public Path report() {
        return folder.resolve(REPORT);
    }

    public Path tensorboard() {
        return folder.resolve(TENSORBOARD);
    }

    public Path mlflow() {
        return folder.resolve(MLFLOW);
    }

    public Path artifacts() {
        return folder.resolve(ARTIFACTS);
    }

    public Path checkpoints() {
        return folder.resolve(CHECKPOINTS);
    }

    public Path adapter() {
        return folder.resolve(ADAPTER);
    }

    public Path hf() {
        return folder.resolve(HF);
    }

    public Path export() {
        return folder.resolve(EXPORT);
    }

    /**
     * Removes what a new run has written that ended before its first step, so that nothing is in the way of the next
     * try. A run that has metrics, or may have been there before, stays as it is.
     */
    public void abandon(Warnings warnings) {
        if (existing == Existing.RESUME || Files.exists(metrics())) {
            return;
        }
        for (String name : OF_A_RUN) {
            try {
                DurableFiles.deleteTree(folder.resolve(name));
            } catch (IOException e) {
                warnings.warn(folder.resolve(name) + ": not removed: " + DurableFiles.reason(e));
            }
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new RunFailedException(folder + ": lock not released: " + DurableFiles.reason(e), e);
        }
    }

    /**
     * What {@link #open} asks of the files that are there, without making or holding anything.
     *
     * @throws ConfigException for the folder of another run, and for what is no folder
     */
    public static void requireFree(Path folder, Existing existing) {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new ConfigException("output: " + folder + " is a file, expected a folder");
        }
        if (existing == Existing.RESUME) {
            return;
        }
        List<String> found = OF_A_RUN.stream()
                .filter(name -> Files.exists(folder.resolve(name)))
                .toList();
        if (!found.isEmpty()) {
            throw new ConfigException("output: " + folder + " holds another run (" + String.join(", ", found)
                    + "), expected an empty or new folder; to go on with that run set train.resume = true");
        }
    }

    private static void create(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (FileAlreadyExistsException e) {
            throw new ConfigException("output: " + e.getFile() + " is a file, expected a folder", e);
        } catch (IOException e) {
            throw new ConfigException("output: " + folder + " cannot be made: " + DurableFiles.reason(e), e);
        }
    }

    private static ProcessLock lock(Path folder) {
        Path file = folder.resolve(LOCK);
        try {
            return ProcessLock.acquire(file)
                    .orElseThrow(() -> new ConfigException("output: " + folder + " is in use by another run ("
                            + ProcessLock.holder(file) + "), expected a folder of this run's own"));
        } catch (IOException e) {
            throw new ConfigException("output: " + folder + " is not writable: " + DurableFiles.reason(e), e);
        }
    }

    private static void removeLock(Path folder) {
        try {
            Files.deleteIfExists(folder.resolve(LOCK));
        } catch (IOException e) {
            throw new RunFailedException(folder + ": lock not removed: " + DurableFiles.reason(e), e);
        }
    }
}
