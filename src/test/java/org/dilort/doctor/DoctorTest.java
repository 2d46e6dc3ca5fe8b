package org.dilort.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.dilort.train.EvaluationReport;
import org.dilort.train.LoopState;
import org.dilort.train.StepReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DoctorTest {
    @TempDir
    private Path temp;

    private final List<Remark> console = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /** Speaks at every event. */
    private record Talker(Topic topic) implements Rule {
        @Override
        public Optional<Remark> atStart() {
            return Optional.of(topic.note(0, "start"));
        }

        @Override
        public Optional<Remark> afterStep(StepReport report) {
            return Optional.of(topic.warning(report.step(), "step"));
        }

        @Override
        public Optional<Remark> afterEvaluation(EvaluationReport report) {
            return Optional.of(topic.warning(report.step(), "evaluation"));
        }

        @Override
        public Optional<Remark> afterCheckpoint(long step, Path folder) {
            return Optional.of(topic.warning(step, "checkpoint"));
        }
    }

    private Path file() {
        return temp.resolve("remarks.jsonl");
    }

    private Doctor doctor(RemarksLog log) {
        return new Doctor(log, console::add, List.of(new Talker(Topic.OVERFITTING)));
    }

    @Test
    void tellsTheConsoleAndTheFile() throws IOException {
        try (Doctor doctor = doctor(RemarksLog.create(file()))) {
            doctor.onStart(LoopState.start());
            doctor.onStep(FakeStep.of(1).report());
            doctor.onEvaluation(new EvaluationReport(101, new TreeMap<>(Map.of())));
            doctor.onCheckpoint(201, temp);
        }

        assertThat(console)
                .extracting(Remark::line)
                .containsExactly(
                        "start (docs/doctor.md#overfitting)",
                        "step 1: step (docs/doctor.md#overfitting)",
                        "step 101: evaluation (docs/doctor.md#overfitting)",
                        "step 201: checkpoint (docs/doctor.md#overfitting)");
        assertThat(file())
                .content()
                .startsWith("{\"step\":0,\"name\":\"overfitting\",\"severity\":\"NOTE\",\"text\":\"start\","
                        + "\"page\":\"docs/doctor.md#overfitting\"}\n");
        assertThat(steps()).containsExactly(0L, 1L, 101L, 201L);
    }

    @Test
    void isQuietForAHundredSteps() throws IOException {
        try (Doctor doctor = doctor(RemarksLog.create(file()))) {
            for (long step = 1; step <= 250; step++) {
                doctor.onStep(FakeStep.of(step).report());
            }
        }
        assertThat(steps()).containsExactly(1L, 101L, 201L);
        assertThat(console).hasSize(3);
    }

    @Test
    void goesOnAfterTheCheckpoint() throws IOException {
        try (Doctor doctor = doctor(RemarksLog.create(file()))) {
            for (long step = 1; step <= 250; step++) {
                doctor.onStep(FakeStep.of(step).report());
            }
        }
        Files.writeString(file(), Files.readString(file()) + "{\"step\":251,\"na");
        try (Doctor doctor = doctor(RemarksLog.resume(file(), 150, warnings::add))) {
            for (long step = 151; step <= 250; step++) {
                doctor.onStep(FakeStep.of(step).report());
            }
        }
        assertThat(steps()).containsExactly(1L, 101L, 201L);
        assertThat(warnings).isEmpty();
    }

    @Test
    void removesDamagedLinesAndStartsAnewWithoutAFile() throws IOException {
        Files.writeString(file(), "what?\n{\"step\":3}\n");
        RemarksLog.resume(file(), 5, warnings::add).close();
        assertThat(warnings).containsExactly(file() + ":1: not a line of a step, removed");
        assertThat(file()).content().isEqualTo("{\"step\":3}\n");

        Files.delete(file());
        RemarksLog.resume(file(), 5, warnings::add).close();
        assertThat(file()).isEmptyFile();
    }

    @Test
    void keepsWhatTheUserKnows() throws IOException {
        try (Doctor doctor = doctor(RemarksLog.create(file()))) {
            doctor.keep(Topic.IDENTICAL_PAIRS.note(0, "known"));
            doctor.keep(Topic.IDENTICAL_PAIRS.note(0, "known"));
        }
        assertThat(console).isEmpty();
        assertThat(steps()).containsExactly(0L);
    }

    @Test
    void aRemarkIsOneLine() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Topic.OVERFITTING.note(1, "two\nlines"))
                .withMessageContaining("expected one line");
        assertThatIllegalArgumentException().isThrownBy(() -> Topic.OVERFITTING.note(1, " "));
        assertThatIllegalArgumentException().isThrownBy(() -> Topic.OVERFITTING.note(-1, "text"));
    }

    @ParameterizedTest
    @EnumSource(Topic.class)
    void everyTopicHasItsSection(Topic topic) throws IOException {
        String[] place = topic.note(0, "text").page().split("#");
        assertThat(Files.readAllLines(Path.of(place[0])))
                .filteredOn(line -> line.startsWith("## "))
                .extracting(line -> line.substring(3).toLowerCase(Locale.ROOT).replace(' ', '-'))
                .contains(place[1]);
    }

    private List<Long> steps() throws IOException {
        List<Long> steps = new ArrayList<>();
        for (String line : Files.readAllLines(file())) {
            JsonNode remark = new ObjectMapper().readTree(line);
            steps.add(remark.get("step").asLong());
        }
        return steps;
    }
}
