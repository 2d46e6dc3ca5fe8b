package org.dilort.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.dilort.files.AtomicFile;

/** The files of a model folder beside its weights and {@code config.json}: tokenizer, generation defaults, licence. */
final class CompanionFiles {
    static final String CONFIG = "config.json";
    static final String GENERATION_CONFIG = "generation_config.json";
    static final String TOKENIZER_CONFIG = "tokenizer_config.json";
    static final String CHAT_TEMPLATE = "chat_template.jinja";
    static final String CHAT_TEMPLATE_JSON = "chat_template.json";

    private static final String MORE_TEMPLATES = "additional_chat_templates";
    private static final Set<String> NAMES = Set.of(
            GENERATION_CONFIG,
            TOKENIZER_CONFIG,
            CHAT_TEMPLATE,
            CHAT_TEMPLATE_JSON,
            "tokenizer.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.json",
            "vocab.txt",
            "merges.txt",
            "tokenizer.model",
            "spiece.model",
            "sentencepiece.bpe.model");
    private static final List<String> LICENCES = List.of("license", "licence", "notice", "use_policy");

    private CompanionFiles() {}

    /** Copies, byte by byte, those that are there. */
    static void copy(Path from, Path to) {
        copyMatching(from, to);
        if (Files.isDirectory(from.resolve(MORE_TEMPLATES))) {
            copyTemplates(from.resolve(MORE_TEMPLATES), to.resolve(MORE_TEMPLATES));
        }
    }

    private static void copyMatching(Path from, Path to) {
        files(from).stream()
                .filter(file -> isCompanion(file.getFileName().toString()))
                .forEach(file -> copyFile(file, to.resolve(file.getFileName())));
    }

    private static void copyTemplates(Path from, Path to) {
        try {
            Files.createDirectories(to);
        } catch (IOException e) {
            throw new UncheckedIOException(to + ": cannot be created", e);
        }
        files(from).forEach(file -> copyFile(file, to.resolve(file.getFileName())));
    }

    private static boolean isCompanion(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return NAMES.contains(name) || LICENCES.stream().anyMatch(lower::startsWith);
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be read", e);
        }
    }

    static void copyFile(Path from, Path to) {
        try (FileChannel source = FileChannel.open(from, StandardOpenOption.READ);
                AtomicFile target = AtomicFile.create(to)) {
            long size = source.size();
            long done = 0;
            while (done < size) {
                done += source.transferTo(done, size - done, target.channel());
            }
            target.commit();
        } catch (IOException e) {
            throw new UncheckedIOException(from + ": cannot be copied to " + to, e);
        }
    }
}
