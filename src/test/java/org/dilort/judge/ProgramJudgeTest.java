package org.dilort.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.dilort.data.Message;
import org.dilort.data.Prompt;
import org.dilort.error.ConfigException;
import org.dilort.input.SourceLine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisabledOnOs(OS.WINDOWS)
class ProgramJudgeTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final SourceLine LINE = new SourceLine(Path.of("p"), 1);
    private static final Comparison COMPARISON = new Comparison(new Prompt(LINE, "2+2=\n\"é\"", List.of()), "4", "5");

    @TempDir
    private Path temp;

    private Path script(String body) throws IOException {
        Path file = Files.writeString(temp.resolve("judge.sh"), "#!/bin/sh\n" + body + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private Verdict judge(String body, Duration limit, Comparison comparison) throws IOException {
        try (ProgramJudge judge = new ProgramJudge(new JudgeChoice.Program(script(body), limit))) {
            return judge.judge(comparison);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, A", "1, B", "2, TIE"})
    void theExitCodeIsTheVerdict(int code, Verdict verdict) throws IOException {
        assertThat(judge("exit " + code, LONG, COMPARISON)).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "17+18=, 'tens 1+1+1=3, answer 35', 'answer 25', A",
        "17+18=, answer 25, answer 35, B",
        "17+18=, answer 35, 'another, answer 35', TIE",
        "17-18=, answer 1, answer -1, B",
        "17+18=, '', \"\"\"\", TIE"
    })
    void theDemosJudgeKnowsItsArithmetic(String problem, String a, String b, Verdict verdict) {
        Path program = Path.of("examples/demo/judge.sh");
        try (ProgramJudge judge = new ProgramJudge(new JudgeChoice.Program(program, LONG))) {
            assertThat(judge.judge(new Comparison(new Prompt(LINE, problem, List.of()), a, b)))
                    .isEqualTo(verdict);
        }
    }

    @Test
    void itReadsOneLineOfJson() throws IOException {
        Path got = temp.resolve("got");

        judge("cat > " + got + "; exit 0", LONG, COMPARISON);

        assertThat(got).hasContent("{\"prompt\":\"2+2=\\n\\\"é\\\"\",\"a\":\"4\",\"b\":\"5\"}");
    }

    @Test
    void conversationsAreShownAsTheyRead() {
        List<Message> turns = List.of(new Message("system", "s"), new Message("user", "u"));

        assertThat(new Prompt(LINE, "", turns).shown()).isEqualTo("system: s\n\nuser: u");
        assertThat(new Prompt(LINE, "t", List.of()).asConversation().shown()).isEqualTo("t");
    }

    @Test
    void aProgramThatReadsNothingHoldsNothingUp() throws IOException {
        String megabyte = "x".repeat(1 << 20);

        assertThat(judge("exit 1", LONG, new Comparison(COMPARISON.prompt(), megabyte, megabyte)))
                .isEqualTo(Verdict.B);
    }

    @Test
    void aCrashIsToldWithTheLastLine() {
        assertThatThrownBy(() -> judge("echo one; echo two >&2; echo; exit 7", LONG, COMPARISON))
                .isInstanceOf(JudgeFailure.class)
                .hasMessageEndingWith("judge.sh: exit code 7, expected 0 for a, 1 for b or 2 for a tie; it wrote: two");
        assertThatThrownBy(() -> judge("kill -9 $$", LONG, COMPARISON))
                .isInstanceOf(JudgeFailure.class)
                .hasMessageContaining("exit code 137")
                .hasMessageEndingWith("; it wrote nothing");
    }

    @Test
    void garbageWithoutEndIsNoAnswer() throws IOException {
        assertThat(judge("head -c 3000000 /dev/urandom; exit 2", LONG, COMPARISON))
                .isEqualTo(Verdict.TIE);
        assertThatThrownBy(() -> judge("yes; exit 0", Duration.ofMillis(300), COMPARISON))
                .isInstanceOf(JudgeFailure.class)
                .hasMessageContaining("no answer in 0.3 s; it wrote");
    }

    @Test
    void aProgramThatHangsIsKilledWithItsChildren() throws IOException {
        Path pid = temp.resolve("pid");

        assertThatThrownBy(() -> judge(
                        "sleep 600 & echo $! > " + pid + "; echo waiting; wait", Duration.ofSeconds(2), COMPARISON))
                .isInstanceOf(JudgeFailure.class)
                .hasMessageEndingWith("no answer in 2 s; it wrote: waiting");

        long child = Long.parseLong(Files.readString(pid).strip());
        ProcessHandle.of(child).ifPresent(handle -> handle.onExit().join());
        assertThat(ProcessHandle.of(child).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void whatCannotBeRunIsRefused() throws IOException {
        Path file = Files.writeString(temp.resolve("plain"), "x");

        for (Path path : List.of(file, temp.resolve("none"))) {
            assertThatThrownBy(() -> new ProgramJudge(new JudgeChoice.Program(path, LONG)))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith("--judge: " + path + ": expected a program that can be run");
        }
        Path broken = script("");
        Files.writeString(broken, "#!/no/such/interpreter\n");
        try (ProgramJudge judge = new ProgramJudge(new JudgeChoice.Program(broken, LONG))) {
            assertThatThrownBy(() -> judge.judge(COMPARISON))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("cannot be started");
        }
    }
}
