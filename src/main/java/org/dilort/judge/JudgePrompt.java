package org.dilort.judge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dilort.error.ConfigException;
import org.dilort.files.DurableFiles;

/** What a judging model is asked: a text in which {@code {prompt}}, {@code {a}} and {@code {b}} stand for the comparison. */
public record JudgePrompt(String template) {
    private static final Pattern PLACES = Pattern.compile("\\{(prompt|a|b)}");
    private static final long LIMIT_BYTES = 1 << 20;

    public static final JudgePrompt DEFAULT = new JudgePrompt("""
            Which of two answers to a question is better? Judge whether it is right and helpful; its length and its \
            place do not count.

            [Question]
            {prompt}

            [Answer A]
            {a}

            [Answer B]
            {b}

            Reply with one letter alone: A if answer A is better, B if answer B is better, C if neither is.
            """);

    public JudgePrompt {
        for (String place : List.of("{prompt}", "{a}", "{b}")) {
            if (!template.contains(place)) {
                throw new ConfigException("--judge-template: " + place + " is not in it");
            }
        }
    }

    public static JudgePrompt read(Path file) {
        try {
            if (Files.size(file) > LIMIT_BYTES) {
                throw new ConfigException("--judge-template: " + file + ": more than " + LIMIT_BYTES + " bytes");
            }
            return new JudgePrompt(Files.readString(file));
        } catch (IOException e) {
            throw new ConfigException("--judge-template: " + file + ": not readable: " + DurableFiles.reason(e), e);
        }
    }

    String of(Comparison comparison) {
        return PLACES.matcher(template)
                .replaceAll(place -> Matcher.quoteReplacement(
                        switch (place.group(1)) {
                            case "prompt" -> comparison.prompt().shown();
                            case "a" -> comparison.a();
                            default -> comparison.b();
                        }));
    }
}
