package org.dilort.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.dilort.files.DurableFiles;

/**
 * A folder that is written beside its place, as {@code NAME.tmp}, and moved there when it is complete. One that was there
 * before is set aside as {@code NAME.old} for the time of the move. Closing without {@link #commit} drops what was
 * written.
 */
final class StagedFolder implements AutoCloseable {
    private final Path target;
    private final Path temporary;

    private StagedFolder(Path target, Path temporary) {
        this.target = target;
        this.temporary = temporary;
    }

    static StagedFolder create(Path target) {
        StagedFolder folder = new StagedFolder(target, sibling(target, ".tmp"));
        try {
            DurableFiles.deleteTree(folder.temporary);
            Files.createDirectories(folder.temporary);
            return folder;
        } catch (IOException e) {
            throw folder.failed(e);
        }
    }

    /** Where to write until {@link #commit}. */
    Path path() {
        return temporary;
    }

    void commit() {
        Path earlier = sibling(target, ".old");
        try {
            DurableFiles.deleteTree(earlier);
            if (Files.exists(target)) {
                Files.move(target, earlier, StandardCopyOption.ATOMIC_MOVE);
            }
            moveOrRestore(earlier);
            DurableFiles.deleteTree(earlier);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private void moveOrRestore(Path earlier) throws IOException {
        try {
            DurableFiles.moveIntoPlace(temporary, target);
        } catch (IOException e) {
            if (Files.exists(earlier) && !Files.exists(target)) {
                Files.move(earlier, target, StandardCopyOption.ATOMIC_MOVE);
            }
            throw e;
        }
    }

    @Override
    public void close() {
        try {
            DurableFiles.deleteTree(temporary);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static Path sibling(Path target, String suffix) {
        Path absolute = target.toAbsolutePath().normalize();
        return absolute.resolveSibling(absolute.getFileName() + suffix);
    }

    private UncheckedIOException failed(IOException e) {
        return new UncheckedIOException(target + ": cannot be written", e);
    }
}
