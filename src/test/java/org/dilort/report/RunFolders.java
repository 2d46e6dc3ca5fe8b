package org.dilort.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Folders as runs leave them, with as much in them as a test asks for. */
final class RunFolders {
    private RunFolders() {}

    /** A run of {@code steps} steps, of which the metrics have {@code done}: loss 1 / step, margin step. */
    static Path write(Path folder, long steps, int done, Map<String, Double> after) throws IOException {
        Files.createDirectories(folder);
        StringBuilder lines = new StringBuilder();
        for (int step = 1; step <= done; step++) {
            lines.append(line(step));
        }
        Files.writeString(folder.resolve("metrics.jsonl"), lines);
        RunSummary.State state = after.isEmpty() ? RunSummary.State.BEGUN : RunSummary.State.COMPLETED;
        new RunSummary(
                        state,
                        "models/<base>",
                        List.of("lsif (sum), {beta=1.0}"),
                        steps,
                        List.of("data.train: 3 pairs & more"),
                        new TreeMap<>(Map.of("accuracy", 0.5)),
                        new TreeMap<>(after))
                .write(folder.resolve("summary.json"));
        return folder;
    }

    static String line(int step) {
        return "{\"step\":" + step + ",\"loss\":" + 1.0 / step + ",\"rewards/margins\":" + step
                + ",\"step_seconds\":0.5,\"tokens_per_second\":100}\n";
    }
}
