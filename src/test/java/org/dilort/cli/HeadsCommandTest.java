package org.dilort.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.dilort.heads.Head;
import org.dilort.heads.Heads;
import org.junit.jupiter.api.Test;

class HeadsCommandTest {

    private static CommandLineRun run(String... arguments) {
        return EndToEndRun.of(List.of(arguments));
    }

    @Test
    void listsEveryHeadWithItsFormula() {
        CommandLineRun run = run("heads");
        assertThat(run.exitCode()).isZero();
        for (Head head : Heads.all()) {
            assertThat(run.out()
                            .lines()
                            .anyMatch(line -> line.startsWith(head.name() + " ") && line.contains(head.formula())))
                    .as(head.name())
                    .isTrue();
        }
    }

    @Test
    void checkPassesForEveryHead() {
        CommandLineRun run = run("heads", "check");
        assertThat(run.out()).doesNotContain("FAILED").contains(" 0 failed");
        assertThat(run.exitCode()).isZero();
        Heads.all().forEach(head -> assertThat(run.out()).contains("\n" + head.name() + " "));
    }

    @Test
    void refusesWhatIsNoHeadAndNoAction() {
        assertThat(run("heads", "check", "lsfi").err())
                .isEqualTo("dil-ort: head.name: got \"lsfi\"; did you mean lsif?\n");
        assertThat(run("heads", "draw").err()).isEqualTo("dil-ort: heads: got \"draw\", expected list or check\n");
        assertThat(run("heads", "list", "lsif").exitCode()).isEqualTo(2);
        assertThat(run("heads", "check", "lsif", "bce").exitCode()).isEqualTo(2);
    }
}
