package org.dilort.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Copies test resources into folders that a test may change. */
final class TestFolders {

    private TestFolders() {}

    static void copy(String tokenizer, String file, Path folder) throws IOException {
        String resource = "/data/" + tokenizer + "/" + file;
        try (InputStream in = TestFolders.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("no resource " + resource);
            }
            Files.write(folder.resolve(file), in.readAllBytes());
        }
    }
}
