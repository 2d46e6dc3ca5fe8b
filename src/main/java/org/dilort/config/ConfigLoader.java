package org.dilort.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.dilort.error.ConfigException;

/**
 * Reads a configuration: a YAML or JSON file, {@code key=value} overrides over it, defaults under it. Everything wrong
 * is a {@link ConfigException} of one line that names the key, what was got, what was expected, and the line.
 */
public final class ConfigLoader {
    private static final int MAX_BYTES = 1 << 20;

    private ConfigLoader() {}

    /** Reads {@code .yaml}, {@code .yml} or {@code .json}; later overrides win. */
    public static Config load(Path file, List<String> overrides) {
        return resolve(tree(file), overrides);
    }

    /** A file of a configuration's form, of whatever keys. */
    static ConfigTree tree(Path file) {
        String extension = extension(file);
        boolean json = extension.equals("json");
        if (!json && !extension.equals("yaml") && !extension.equals("yml")) {
            throw new ConfigException("config file " + file + ": expected a name that ends in .yaml, .yml or .json");
        }
        return TreeReader.readFile(file.toString(), text(file), json);
    }

    /** Reads YAML text; {@code name} stands for the file in errors. */
    public static Config parse(String name, String yaml, List<String> overrides) {
        return resolve(TreeReader.readFile(name, yaml, false), overrides);
    }

    private static Config resolve(ConfigTree tree, List<String> overrides) {
        Overrides over = new Overrides(tree);
        overrides.forEach(over::apply);
        tree.rename("train", "update", "optimizer");
        new KeyCheck(tree).check();
        return Binder.bind(tree);
    }

    private static String extension(Path file) {
        Path name = file.getFileName();
        String text = name == null ? "" : name.toString().toLowerCase(Locale.ROOT);
        return text.substring(text.lastIndexOf('.') + 1);
    }

    private static String text(Path file) {
        if (!Files.exists(file)) {
            throw new ConfigException("config file " + file + " does not exist");
        }
        if (Files.isDirectory(file)) {
            throw new ConfigException("config file " + file + " is a folder");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new ConfigException("config file " + file + ": larger than 1 MiB, expected a configuration");
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new ConfigException("config file " + file + ": not UTF-8 text", e);
        } catch (FileSystemException e) {
            throw new ConfigException(
                    "config file " + file + " cannot be read: " + e.getClass().getSimpleName(), e);
        } catch (IOException e) {
            throw new ConfigException("config file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
