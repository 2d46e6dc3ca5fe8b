package org.dilort.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dilort.serve.Access;
import org.dilort.serve.ServeSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServeCommandTest {
    private final List<ServeSettings> given = new ArrayList<>();
    private final List<ServeCommand.NamedModel> models = new ArrayList<>();
    private final ServeCommand command = new ServeCommand((request, console) -> {
        given.add(request.settings());
        models.addAll(request.models());
        return 0;
    });

    @TempDir
    private Path folder;

    private CommandLineRun run(String... arguments) {
        return CommandLineRun.of(List.of(command), folder, arguments);
    }

    @Test
    void byDefaultThisMachineAloneIsServed() {
        assertThat(run("serve", "--model", "m").exitCode()).isZero();

        ServeSettings settings = given.get(0);
        assertThat(settings.address().getAddress().isLoopbackAddress()).isTrue();
        assertThat(settings.address().getPort()).isEqualTo(8080);
        assertThat(settings.access()).isEqualTo(new Access.Open());
    }

    @Test
    void aSecondModelMayStandBeside() {
        run("serve", "--model", "m", "--beside", "b", "--name", "new");

        assertThat(models)
                .containsExactly(
                        new ServeCommand.NamedModel("new", Path.of("m")),
                        new ServeCommand.NamedModel("initial", Path.of("b")));
        assertThat(run("serve", "--model", "m", "--beside-name", "x"))
                .isEqualTo(new CommandLineRun(2, "", "dil-ort: --beside-name: expected --beside DIR beside it\n"));
        assertThat(run("serve", "--model", "m", "--beside", "b", "--beside-name", "aligned"))
                .isEqualTo(new CommandLineRun(
                        2, "", "dil-ort: --beside-name: got \"aligned\", expected another name than --name\n"));
    }

    @Test
    void theTokenComesFromAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "secret\n");

        run("serve", "--model", "m", "--token-file", file.toString());

        assertThat(given.get(0).access()).isEqualTo(new Access.Bearer("secret"));
        assertThat(given.get(0)).asString().doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "--port, 65536, '--port: got 65536, expected at most 65535'",
        "--port, x, '--port: got \"x\", expected a whole number >= 0'",
        "--concurrent, 0, '--concurrent: got 0, expected a whole number >= 1'",
        "--host, 300.1.1.1, '--host: got \"300.1.1.1\", expected an address of this machine'"
    })
    void whatIsWrongIsNamed(String option, String value, String message) {
        CommandLineRun run = run("serve", "--model", "m", option, value);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(message);
        assertThat(given).isEmpty();
    }

    @Test
    void aTokenFileThatIsNotThereIsSaidInWords() {
        CommandLineRun run = run("serve", "--model", "m", "--token-file", "missing");

        assertThat(run)
                .isEqualTo(new CommandLineRun(2, "", "dil-ort: missing: cannot be read: there is no such file\n"));
    }

    @Test
    void anEmptyTokenIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), " \n");

        CommandLineRun run = run("serve", "--model", "m", "--token-file", file.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("empty, expected a token");
    }
}
