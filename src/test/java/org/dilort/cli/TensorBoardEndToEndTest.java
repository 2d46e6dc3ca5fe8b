package org.dilort.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.dilort.job.RunFiles;
import org.dilort.monitor.EventReader;
import org.dilort.monitor.EventReader.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code log.tensorboard}: the numbers are those of {@code metrics.jsonl}. */
class TensorBoardEndToEndTest {
    @TempDir
    private Path temp;

    private CommandLineRun train(String... more) {
        String[] all = Stream.concat(
                        Stream.of(
                                "log.tensorboard=true",
                                "data.eval=src/test/resources/job/held-out.jsonl",
                                "train.eval_every=3",
                                "train.save_every=3"),
                        Stream.of(more))
                .toArray(String[]::new);
        return EndToEndRun.train(temp.resolve("out"), all);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(temp.resolve("out/tensorboard"))) {
            return files.sorted().toList();
        }
    }

    @Test
    void everyMetricIsThere() throws IOException {
        EndToEndRun.assertSucceeded(train());
        List<Event> events = EventReader.read(files().get(0));
        RunFiles run = new RunFiles(temp.resolve("out"));
        List<Event> steps = events.stream()
                .filter(event -> event.values().containsKey("train/loss"))
                .toList();
        assertThat(steps).extracting(Event::step).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        for (int i = 0; i < steps.size(); i++) {
            JsonNode line = run.steps().get(i);
            Event event = steps.get(i);
            line.properties().stream()
                    .filter(entry -> !List.of("step", "num_tokens").contains(entry.getKey()))
                    .forEach(entry -> assertThat(event.values()).containsEntry("train/" + entry.getKey(), (float)
                            entry.getValue().asDouble()));
            assertThat(event.values()).hasSize(line.size() - 2);
        }
        List<Event> evaluations = events.stream()
                .filter(event -> event.values().containsKey("eval/loss"))
                .toList();
        assertThat(evaluations).extracting(Event::step).containsExactly(3L, 6L);
        assertThat(evaluations.get(1).values()).containsEntry("eval/accuracy", (float)
                run.evaluations().get(1).get("eval_accuracy").asDouble());
    }

    /** From its checkpoint's next step on, a resumed run stands for what is there of those steps. */
    @Test
    void aResumedRunBeginsAFileOfItsOwn() throws IOException {
        EndToEndRun.assertSucceeded(train());
        Path later = temp.resolve("out/checkpoints/step-00000006/trainer.json");
        Files.writeString(later, "damaged");
        CommandLineRun resumed = train("train.resume=true");
        assertThat(resumed.exitCode()).isZero();
        assertThat(files()).hasSize(2);
        List<Event> events = EventReader.read(files().get(1));
        assertThat(events.get(1).begins()).isTrue();
        assertThat(events.get(1).step()).isEqualTo(4);
        assertThat(events.get(2).step()).isEqualTo(4);
    }

    @Test
    void nothingIsWrittenWithoutAsking() {
        EndToEndRun.assertSucceeded(EndToEndRun.train(temp.resolve("out")));
        assertThat(temp.resolve("out/tensorboard")).doesNotExist();
    }
}
