package org.dilort.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dilort.error.DataException;

/**
 * Finds the files that a {@code data} key means: files as they are given, and the {@code *.jsonl} of folders by name.
 */
public final class PreferenceFiles {
    private static final String SUFFIX = ".jsonl";

    private PreferenceFiles() {}

    /** The files in the order in which they are read. */
    public static List<Path> expand(List<Path> paths) {
        List<Path> files = new ArrayList<>();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                files.addAll(filesOf(path));
            } else if (Files.exists(path)) {
                files.add(path);
            } else {
                throw new DataException(path + ": no such file or folder");
            }
        }
        return List.copyOf(files);
    }

    private static List<Path> filesOf(Path folder) {
        List<Path> files;
        try (Stream<Path> entries = Files.list(folder)) {
            files = entries.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (files.isEmpty()) {
            throw new DataException(folder + ": no *" + SUFFIX + " file in this folder");
        }
        return files;
    }
}
