package org.dilort.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dilort.error.UserException;

/**
 * The folder into which native libraries are unpacked once, instead of at every start.
 *
 * <p>Several processes may use it at the same time. A complete cache is only read, so it may lie on a read-only disk; if
 * something must be unpacked and cannot be, a temporary folder serves this process and is deleted when it ends.
 *
 * @param root absolute
 */
record NativeCache(Path root) {
    static final String VARIABLE = "DIL_ORT_CACHE";

    /** {@code $DIL_ORT_CACHE}, else {@code $XDG_CACHE_HOME/dil-ort}, else {@code ~/.cache/dil-ort}. */
    static NativeCache of(Map<String, String> environment, Path home) {
        String own = environment.getOrDefault(VARIABLE, "");
        if (!own.isBlank()) {
            return new NativeCache(Path.of(own).toAbsolutePath());
        }
        String shared = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path caches = shared.startsWith("/") ? Path.of(shared) : home.resolve(".cache");
        return new NativeCache(caches.resolve("dil-ort").toAbsolutePath());
    }

    /** The folder that holds the whole bundle; what was missing or cut short has been unpacked. */
    Path folderOf(NativeBundle bundle) {
        Path folder = root.resolve("natives").resolve(bundle.key());
        try {
            unpack(folder, bundle.files());
            return folder;
        } catch (IOException e) {
            return temporaryFolder(folder, bundle.files(), e);
        }
    }

    private static void unpack(Path folder, List<NativeFile> files) throws IOException {
        for (NativeFile file : files) {
            if (!file.isIn(folder)) {
                Files.createDirectories(folder);
                file.unpackInto(folder);
            }
        }
    }

    private static Path temporaryFolder(Path wanted, List<NativeFile> files, IOException reason) {
        try {
            Path folder = Files.createTempDirectory("dil-ort-natives");
            folder.toFile().deleteOnExit();
            files.forEach(file -> folder.resolve(file.name()).toFile().deleteOnExit());
            unpack(folder, files);
            return folder;
        } catch (IOException e) {
            e.addSuppressed(reason);
            throw new UserException(
                    "cannot unpack the ONNX Runtime libraries to " + wanted + " (" + reason
                            + ") nor to a temporary folder (" + e + "); set " + VARIABLE
                            + " to a folder that can be written",
                    e);
        }
    }
}
