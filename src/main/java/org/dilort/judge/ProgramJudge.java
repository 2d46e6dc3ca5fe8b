package org.dilort.judge;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.dilort.error.ConfigException;
import org.dilort.files.DurableFiles;
import org.dilort.files.TemporaryFolders;

/**
 * A program that is started for each comparison. It gets {@code {"prompt", "a", "b"}} on its standard input, one JSON object
 * and a line's end, and says by its exit code which answer is better: 0 = a, 1 = b, 2 = neither. Any other code is a failure
 * that is told with the last line of what it wrote; so is one that does not end in time, which is killed with all that it
 * started.
 */
final class ProgramJudge implements Judge {
    private static final Duration TO_DIE = Duration.ofSeconds(5);

    private final Path program;
    private final Duration limit;
    private final Path folder;

    ProgramJudge(JudgeChoice.Program choice) {
        Path path = choice.path();
        if (!Files.isRegularFile(path) || !Files.isExecutable(path)) {
            throw new ConfigException("--judge: " + path
                    + ": expected a program that can be run, a model folder or the address of a server");
        }
        this.program = path.toAbsolutePath();
        this.limit = choice.limit();
        this.folder = TemporaryFolders.create("judge");
    }

    @Override
    public Verdict judge(Comparison comparison) {
        Process process = start(comparison);
        LastLine output = new LastLine(process.getInputStream());
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new JudgeFailure(program + ": no answer in " + JudgeFailure.seconds(limit) + output.told());
            }
            return verdict(process.exitValue(), output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JudgeFailure(program + ": interrupted", e);
        } finally {
            kill(process);
        }
    }

    private Verdict verdict(int exitCode, LastLine output) throws InterruptedException {
        return switch (exitCode) {
            case 0 -> Verdict.A;
            case 1 -> Verdict.B;
            case 2 -> Verdict.TIE;
            default -> {
                output.await(TO_DIE);
                throw new JudgeFailure(program + ": exit code " + exitCode
                        + ", expected 0 for a, 1 for b or 2 for a tie" + output.told());
            }
        };
    }

    /** Its input lies in a file, so that a program that does not read it holds nothing up. */
    private Process start(Comparison comparison) {
        Path input = folder.resolve("input.json");
        String json = JsonNodeFactory.instance
                .objectNode()
                .put("prompt", comparison.prompt().shown())
                .put("a", comparison.a())
                .put("b", comparison.b())
                .toString();
        try {
            Files.write(input, (json + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + input, e);
        }
        try {
            return new ProcessBuilder(program.toString())
                    .redirectInput(input.toFile())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new ConfigException("--judge: " + program + ": cannot be started: " + e.getMessage(), e);
        }
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    @Override
    public void close() {
        try {
            DurableFiles.deleteTree(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be removed", e);
        }
    }
}
