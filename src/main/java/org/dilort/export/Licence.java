package org.dilort.export;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The licence of a model's folder, by the name that the head of its {@code README.md} gives: {@code license: apache-2.0}. */
public final class Licence {
    /** What Hugging Face's hub calls every licence that it has no name for. */
    public static final String UNKNOWN = "other";

    private static final Pattern HEAD = Pattern.compile("\\A---\\R(.*?)\\R---", Pattern.DOTALL);
    private static final Pattern LINE = Pattern.compile("(?m)^license: *([A-Za-z0-9][A-Za-z0-9._-]{0,63}) *$");

    private Licence() {}

    public static String of(Path folder) {
        Path card = folder.resolve(ExportFolder.CARD);
        if (!Files.isRegularFile(card)) {
            return UNKNOWN;
        }
        Matcher head = HEAD.matcher(FolderFiles.readText(card));
        if (!head.find()) {
            return UNKNOWN;
        }
        Matcher line = LINE.matcher(head.group(1));
        return line.find() ? line.group(1) : UNKNOWN;
    }
}
