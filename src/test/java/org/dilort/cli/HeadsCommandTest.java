package org.dilort.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dilort.heads.Head;
import org.dilort.heads.Heads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    void drawsAHeadIntoAFile(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("ukl.svg");
        CommandLineRun run = run("heads", "show", "ukl", "--out", file.toString());
        assertThat(run).isEqualTo(new CommandLineRun(0, "wrote " + file + "\n", ""));
        assertThat(run("heads", "show", "ukl", "--out", "-").out()).isEqualTo(Files.readString(file));
    }

    @Test
    void drawsAHeadAsItIsSet() {
        assertThat(drawn("dpo", "--set", "beta=0.5", "--set", "head.label_smoothing=0.25"))
                .contains(">beta = 0.5, label_smoothing = 0.25<");
        assertThat(drawn("lsif", "--set", "variant=relative", "--set", "exp_cap=none", "--set", "reduction=mean"))
                .contains(">relative, beta = 1, exp_cap = none, mixture_weight = 0.5, shift = 0<");
    }

    private static String drawn(String head, String... settings) {
        List<String> arguments = new ArrayList<>(List.of("heads", "show", head, "--out", "-"));
        arguments.addAll(List.of(settings));
        CommandLineRun run = EndToEndRun.of(arguments);
        EndToEndRun.assertSucceeded(run);
        return run.out();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "show | heads show: got 0 names, expected one",
                "show ukl bce | heads show: got 2 names, expected one",
                "show lsfi | head.name: got \"lsfi\"; did you mean lsif?",
                "show lsif --set bta=2 | head.bta: head lsif has no such coefficient, expected [beta, exp_cap, shift]",
                "show lsif --set beta=0 | head.beta: got 0.0, expected 1.0E-6 to 1000000.0 (head lsif)",
                "show lsif --set beta=much | --set beta=much: expected a number or none",
                "show lsif --set beta | --set beta: expected key=value, such as beta=0.5",
                "show dpo --set variant=mixture | --set variant=mixture: expected one of [pointwise]",
                "show ipo --set reduction=product | --set reduction=product: expected one of [mean, sum]",
                "show ukl --out no/such/folder.svg | cannot write no/such/folder.svg: there is no such folder",
                "check --out x.svg | heads check: --out is for heads show",
                "list --set beta=1 | heads list: --set is for heads show",
            })
    void refusesWhatCannotBeDrawn(String line, String problem) {
        assertThat(run(("heads " + line).split(" ")))
                .isEqualTo(new CommandLineRun(2, "", "dil-ort: " + problem + "\n"));
    }

    @Test
    void refusesWhatIsNoHeadAndNoAction() {
        assertThat(run("heads", "check", "lsfi").err())
                .isEqualTo("dil-ort: head.name: got \"lsfi\"; did you mean lsif?\n");
        assertThat(run("heads", "draw").err())
                .isEqualTo("dil-ort: heads: got \"draw\", expected list, check or show\n");
        assertThat(run("heads", "list", "lsif").exitCode()).isEqualTo(2);
        assertThat(run("heads", "check", "lsif", "bce").exitCode()).isEqualTo(2);
    }
}
