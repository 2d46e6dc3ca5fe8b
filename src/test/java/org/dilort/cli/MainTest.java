package org.dilort.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class MainTest {
    @Test
    void knowsItsCommands() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        assertThat(Main.run(List.of("help"), new Console(stream, stream, false)))
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("\n  validate  ", "\n  help ");
    }

    @Test
    void aReaderThatWentAwayIsNoFailure() {
        StandardOutput output = new StandardOutput(failing("Broken pipe"));
        PrintStream stream = new PrintStream(output, true, StandardCharsets.UTF_8);
        assertThat(Main.run(List.of("help"), new Console(stream, stream, false)))
                .isZero();
        assertThat(output.failure()).isEmpty();
    }

    @Test
    void aFullDiskIsAFailure() {
        StandardOutput output = new StandardOutput(failing("No space left on device"));
        output.write('a');
        output.write('b');
        assertThat(output.failure()).isEqualTo("No space left on device");
    }

    @Test
    void whatIsWrittenArrives() {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        StandardOutput output = new StandardOutput(target);
        output.write('a');
        output.write("xbcx".getBytes(StandardCharsets.UTF_8), 1, 2);
        assertThat(target.toString(StandardCharsets.UTF_8)).isEqualTo("abc");
        assertThat(output.failure()).isEmpty();
    }

    private static OutputStream failing(String message) {
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException(message);
            }
        };
    }
}
