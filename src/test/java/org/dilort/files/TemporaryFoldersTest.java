package org.dilort.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TemporaryFoldersTest {

    @Test
    void theNameTellsWhoseAndWhatFor() throws IOException {
        Path folder = TemporaryFolders.create("test");

        assertThat(folder).isEmptyDirectory();
        assertThat(folder.getFileName().toString())
                .startsWith("dil-ort-" + ProcessHandle.current().pid() + "-test");
        DurableFiles.deleteTree(folder);
    }

    @Test
    void anotherProcessKeepsItsOwn() throws IOException {
        Path own = Files.writeString(TemporaryFolders.create("test").resolve("file"), "x");
        Path other = Files.createTempDirectory("dil-ort-0-test");

        TemporaryFolders.removeOwn();

        assertThat(own.getParent()).doesNotExist();
        assertThat(other).isEmptyDirectory();
        DurableFiles.deleteTree(other);
    }
}
