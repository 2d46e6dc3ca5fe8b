package org.dilort.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostLoadTest {
    @TempDir
    private Path proc;

    /** 100 + 1 + 30 + 2 + 3 + 4 = 140 busy ticks, of which 25 + 5 are this process's: 110 ticks are 1.1 s. */
    @Test
    void othersHaveWhatThisProcessHasNot() throws IOException {
        write("stat", "cpu  100 1 30 9000 500 2 3 4 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n");
        write("self/stat", "77 (a (strange) name) S 1 2 3 4 5 6 7 8 9 10 25 5 0 0\n");

        assertThat(new HostLoad(proc).othersSeconds()).isEqualTo(1.1);
    }

    @Test
    void thePeakIsInMebibytes() throws IOException {
        write("self/status", "Name:\tjava\nVmPeak:\t 9000 kB\nVmHWM:\t  204800 kB\nVmRSS:\t 100 kB\n");

        assertThat(new HostLoad(proc).peakRssMib()).isEqualTo(200);
    }

    @Test
    void otherSystemsSayNothing() {
        assertThat(new HostLoad(proc).othersSeconds()).isEqualTo(-1);
        assertThat(new HostLoad(proc).peakRssMib()).isEqualTo(-1);
    }

    private void write(String file, String text) throws IOException {
        Path path = proc.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
