package org.dilort.input;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the name of a file says of its content: {@code pairs.jsonl.gz} holds JSON lines. */
final class FileName {
    private static final List<String> COMPRESSED = List.of(".gz", ".gzip", ".zst", ".zstd");

    private FileName() {}

    /** Nothing where the name says nothing, or may be wrong: {@code .json} is often JSON lines. */
    static Optional<InputFormat> format(Path file) {
        return switch (extension(file)) {
            case "jsonl", "ndjson" -> Optional.of(InputFormat.JSON_LINES);
            case "csv" -> Optional.of(InputFormat.CSV);
            case "parquet" -> Optional.of(InputFormat.PARQUET);
            default -> Optional.empty();
        };
    }

    /** In lower case, without dot; the one before a compression's. */
    static String extension(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        for (String suffix : COMPRESSED) {
            if (name.endsWith(suffix)) {
                name = name.substring(0, name.length() - suffix.length());
                break;
            }
        }
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
