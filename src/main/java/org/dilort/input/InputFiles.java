package org.dilort.input;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.stream.Stream;
import org.dilort.error.DataException;

/**
 * Finds the files that a path means: a file as it is given; of a folder the {@code *.jsonl} files by name or, where it
 * has none, those of the next kind that it has ({@code parquet}, {@code csv}, {@code json}), compressed or not; of a
 * pattern such as {@code data/train-*.parquet} what it matches, by name.
 */
public final class InputFiles {
    private static final List<String> KINDS = List.of("jsonl", "ndjson", "parquet", "csv", "json");
    private static final String WILDCARDS = "*?[{";
    private static final int MAX_DEPTH = 16;

    private InputFiles() {}

    /** The files in the order in which they are read. */
    public static List<Path> expand(List<Path> paths) {
        return paths.stream().flatMap(path -> expand(path).stream()).toList();
    }

    public static List<Path> expand(Path path) {
        if (Files.isDirectory(path)) {
            return filesOf(path);
        }
        if (Files.exists(path)) {
            return List.of(path);
        }
        if (isPattern(path)) {
            return matches(path);
        }
        throw new DataException(path + ": no such file or folder");
    }

    private static List<Path> filesOf(Path folder) {
        List<Path> files;
        try (Stream<Path> entries = Files.list(folder)) {
            files = entries.filter(InputFiles::isVisibleFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (String kind : KINDS) {
            List<Path> ofKind = files.stream()
                    .filter(file -> FileName.extension(file).equals(kind))
                    .toList();
            if (!ofKind.isEmpty()) {
                return ofKind;
            }
        }
        throw new DataException(folder + ": no *.jsonl, *.parquet, *.csv or *.json file in this folder");
    }

    private static boolean isVisibleFile(Path file) {
        return Files.isRegularFile(file) && !file.getFileName().toString().startsWith(".");
    }

    private static boolean isPattern(Path path) {
        return path.toString().chars().anyMatch(c -> WILDCARDS.indexOf(c) >= 0);
    }

    private static List<Path> matches(Path pattern) {
        Path base = pattern;
        while (base != null && isPattern(base)) {
            base = base.getParent();
        }
        Path start = base == null ? Path.of("") : base;
        if (!Files.isDirectory(start)) {
            throw new DataException(pattern + ": no such folder: " + start);
        }
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        List<Path> files;
        try (Stream<Path> tree = Files.walk(start, MAX_DEPTH)) {
            files = tree.filter(matcher::matches)
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (files.isEmpty()) {
            throw new DataException(pattern + ": no file matches");
        }
        return files;
    }
}
