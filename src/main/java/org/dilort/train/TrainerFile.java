package org.dilort.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.dilort.error.FormatException;
import org.dilort.files.DurableFiles;
import org.dilort.files.Sha256;

/**
 * {@code trainer.json} of a checkpoint: where the run stood, which run it was, and size and hash of every file beside.
 *
 * <p>{@code content_sha256} is the hash of this file's own content: of the JSON object without that key, written
 * without white space. So a change anywhere in a checkpoint's folder is seen.
 */
record TrainerFile(
        int format, LoopState progress, RunIdentity run, SortedMap<String, Best> best, List<FileEntry> files) {

    static final String NAME = "trainer.json";
    private static final int FORMAT = 1;
    private static final String OWN_HASH = "content_sha256";

    /** A file of the checkpoint's folder; size in bytes. */
    record FileEntry(String name, long size, String sha256) {}

    /** Describes the files that are in {@code folder} and writes the description beside them. */
    static void write(Path folder, CheckpointState state) throws IOException {
        List<FileEntry> entries = new ArrayList<>();
        for (Path file : DurableFiles.filesIn(folder)) {
            entries.add(new FileEntry(file.getFileName().toString(), Files.size(file), Sha256.of(file)));
        }
        TrainerFile content = new TrainerFile(FORMAT, state.progress(), state.run(), state.best(), entries);
        ObjectNode tree = Json.MAPPER.valueToTree(content);
        tree.put(OWN_HASH, hash(tree));
        Files.write(
                folder.resolve(NAME),
                Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree));
    }

    /** Reads the description and checks every file against it. */
    static Checkpoint verified(Path folder) {
        try {
            TrainerFile content = read(folder.resolve(NAME));
            for (FileEntry entry : content.files) {
                content.requireIntact(folder, entry);
            }
            if (content.files.stream().noneMatch(entry -> entry.name.equals(Checkpoint.POLICY_FILE))) {
                throw new FormatException(folder.resolve(NAME) + ": no file named " + Checkpoint.POLICY_FILE);
            }
            return new Checkpoint(folder, new CheckpointState(content.progress, content.run, content.best));
        } catch (IOException e) {
            throw new FormatException(folder + ": not readable: " + DurableFiles.reason(e), e);
        }
    }

    private static TrainerFile read(Path file) throws IOException {
        try {
            if (!(Json.MAPPER.readTree(Files.readAllBytes(file)) instanceof ObjectNode tree)) {
                throw new FormatException(file + ": not a JSON object");
            }
            JsonNode format = tree.path("format");
            if (format.intValue() != FORMAT) {
                throw new FormatException(file + ": format " + format + ", expected " + FORMAT);
            }
            String expected = tree.path(OWN_HASH).asText();
            tree.remove(OWN_HASH);
            if (!hash(tree).equals(expected)) {
                throw new FormatException(file + ": content is damaged, its hash is not " + OWN_HASH);
            }
            return Json.MAPPER.treeToValue(tree, TrainerFile.class);
        } catch (JsonProcessingException e) {
            throw new FormatException(file + ": not a checkpoint's description: " + e.getOriginalMessage(), e);
        }
    }

    private void requireIntact(Path folder, FileEntry entry) throws IOException {
        Path file = folder.resolve(entry.name);
        if (!Files.isRegularFile(file)) {
            throw new FormatException(file + ": there is no such file");
        }
        long size = Files.size(file);
        if (size != entry.size) {
            throw new FormatException(file + ": " + size + " bytes, expected " + entry.size);
        }
        if (!Sha256.of(file).equals(entry.sha256)) {
            throw new FormatException(file + ": content is damaged, its hash is not that of " + NAME);
        }
    }

    private static String hash(ObjectNode tree) throws JsonProcessingException {
        return Sha256.of(Json.MAPPER.writeValueAsBytes(tree));
    }
}
