package org.dilort.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.dilort.eval.AnswerCheck;
import org.dilort.eval.Question;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleLogTest {
    @TempDir
    private Path folder;

    private static AnswerCheck.Report answers(int count, String answer) {
        return new AnswerCheck.Report(IntStream.range(0, count)
                .mapToObj(i -> new AnswerCheck.Sample(new Question("1+" + i + "=", " 2"), answer, i == 0))
                .toList());
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(folder.resolve("samples.jsonl"));
    }

    @Test
    void keepsTheFirstTwelve() throws IOException {
        SampleLog.goingOnFrom(0, folder.resolve("samples.jsonl")).add(0, answers(13, " 3"));
        assertThat(lines()).hasSize(12);
        assertThat(lines().get(0))
                .isEqualTo(
                        "{\"step\":0,\"index\":0,\"prompt\":\"1+0=\",\"chosen\":\" 2\",\"answer\":\" 3\",\"right\":true}");
    }

    /** Later steps than the checkpoint's go, a damaged line costs itself alone, and a step measured again is replaced. */
    @Test
    void goesOnFromACheckpoint() throws IOException {
        Path file = folder.resolve("samples.jsonl");
        Files.writeString(file, """
                {"step":0,"index":0,"answer":"old"}
                {"step":4,"index":0,"answer":"kept"}
                {"step":4,"index":1,"answ
                {"step":8,"index":0,"answer":"later"}
                """);
        SampleLog.goingOnFrom(4, file).add(0, answers(1, "new"));
        assertThat(lines()).hasSize(2);
        assertThat(lines().get(0)).contains("\"step\":0", "\"new\"");
        assertThat(lines().get(1)).isEqualTo("{\"step\":4,\"index\":0,\"answer\":\"kept\"}");
    }
}
