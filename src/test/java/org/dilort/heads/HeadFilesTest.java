package org.dilort.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dilort.onnx.OnnxChecker;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The committed files of all heads and reductions are what the code writes today. */
class HeadFilesTest {
    private static final Path FOLDER = Path.of("onnx-graphs/heads");
    private static final String HOW = "; to write the files anew: ./mvnw test -Dtest=HeadFilesTest -Ddil.write=true";

    private static Map<String, byte[]> files() {
        Map<String, byte[]> files = new TreeMap<>();
        for (Head head : Heads.all()) {
            for (Reduction reduction : head.reductions()) {
                HeadSpec spec = new HeadSpec(head, reduction, Map.of());
                files.put(spec.fileName(), HeadGraph.toBytes(spec));
            }
        }
        return files;
    }

    static Stream<String> names() {
        return files().keySet().stream();
    }

    private static List<Path> found() throws IOException {
        Files.createDirectories(FOLDER);
        try (Stream<Path> found = Files.list(FOLDER)) {
            return found.sorted().toList();
        }
    }

    @BeforeAll
    static void writeIfAsked() throws IOException {
        if (!Boolean.getBoolean("dil.write")) {
            return;
        }
        for (Path old : found()) {
            Files.delete(old);
        }
        for (Map.Entry<String, byte[]> file : files().entrySet()) {
            Files.write(FOLDER.resolve(file.getKey()), file.getValue());
        }
    }

    @Test
    void noOtherFileLiesThere() throws IOException {
        assertThat(found().stream().map(file -> file.getFileName().toString()))
                .as("files in " + FOLDER + HOW)
                .containsExactlyInAnyOrderElementsOf(files().keySet());
    }

    @ParameterizedTest
    @MethodSource("names")
    void fileIsWhatTheCodeWrites(String name) throws IOException {
        assertThat(Files.readAllBytes(FOLDER.resolve(name)))
                .as(FOLDER.resolve(name) + HOW)
                .isEqualTo(files().get(name));
    }

    @ParameterizedTest
    @MethodSource("names")
    void onnxCheckerAcceptsTheFile(String name) {
        assumeFalse(Files.notExists(FOLDER.resolve(name)), "no such file, which another test says");
        OnnxChecker.check(FOLDER.resolve(name));
    }
}
