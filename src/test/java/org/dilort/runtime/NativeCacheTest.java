package org.dilort.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.dilort.error.UserException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeCacheTest {
    private static final Path HOME = Path.of("/home/user");
    private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

    @TempDir
    private Path temp;

    private NativeCache cache;
    private NativeBundle bundle;

    @BeforeEach
    void packTwoLibraries() throws IOException {
        cache = new NativeCache(temp.resolve("cache"));
        bundle = new NativeBundle("v1", List.of(packed("a.so", "library a"), packed("b.so", "library b")));
    }

    @Test
    void liesWhereTheVariablesSay() {
        assertThat(NativeCache.of(Map.of(), HOME).root()).isEqualTo(HOME.resolve(".cache/dil-ort"));
        assertThat(NativeCache.of(Map.of("XDG_CACHE_HOME", "/var/cache"), HOME).root())
                .isEqualTo(Path.of("/var/cache/dil-ort"));
        assertThat(NativeCache.of(Map.of("XDG_CACHE_HOME", "/var/cache", "DIL_ORT_CACHE", "/fast"), HOME)
                        .root())
                .isEqualTo(Path.of("/fast"));
    }

    @Test
    void emptyVariablesCountAsUnsetAndARelativeSharedCacheIsIgnored() {
        assertThat(NativeCache.of(Map.of("XDG_CACHE_HOME", "", "DIL_ORT_CACHE", " "), HOME)
                        .root())
                .isEqualTo(HOME.resolve(".cache/dil-ort"));
        assertThat(NativeCache.of(Map.of("XDG_CACHE_HOME", "relative"), HOME).root())
                .isEqualTo(HOME.resolve(".cache/dil-ort"));
    }

    @Test
    void unpacksEveryFileAndLeavesNothingElse() throws IOException {
        Path folder = cache.folderOf(bundle);

        assertThat(folder).isEqualTo(temp.resolve("cache/natives/v1"));
        assertThat(names(folder)).containsExactly("a.so", "b.so");
        assertThat(folder.resolve("b.so")).hasContent("library b");
    }

    @Test
    void aCompleteFileIsNotWrittenAgain() throws IOException {
        Path library = cache.folderOf(bundle).resolve("a.so");
        Files.setLastModifiedTime(library, LONG_AGO);

        cache.folderOf(bundle);

        assertThat(Files.getLastModifiedTime(library)).isEqualTo(LONG_AGO);
    }

    @Test
    void aTruncatedOrLostFileIsUnpackedAgain() throws IOException {
        Path folder = cache.folderOf(bundle);
        Files.writeString(folder.resolve("a.so"), "libr");
        Files.delete(folder.resolve("b.so"));

        cache.folderOf(bundle);

        assertThat(folder.resolve("a.so")).hasContent("library a");
        assertThat(folder.resolve("b.so")).hasContent("library b");
    }

    @Test
    void otherVersionsHaveAFolderOfTheirOwn() throws IOException {
        Path other = cache.folderOf(new NativeBundle("v2", List.of(packed("a.so", "library A"))));

        assertThat(other).isNotEqualTo(cache.folderOf(bundle));
        assertThat(other.resolve("a.so")).hasContent("library A");
    }

    @Test
    void aCacheThatCannotBeWrittenIsReplacedByATemporaryFolder() throws IOException {
        NativeCache blocked = new NativeCache(Files.writeString(temp.resolve("file"), "not a folder"));

        Path folder = blocked.folderOf(bundle);

        assertThat(folder.getParent()).isEqualTo(Path.of(System.getProperty("java.io.tmpdir")));
        assertThat(folder.resolve("a.so")).hasContent("library a");
    }

    @Test
    void aLibraryThatCannotBeReadIsOneClearError() throws IOException {
        NativeFile vanished = packed("c.so", "library c");
        Files.delete(temp.resolve("packed-c.so"));
        NativeBundle broken = new NativeBundle("v1", List.of(vanished));

        assertThatThrownBy(() -> cache.folderOf(broken))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(
                        "cannot unpack the ONNX Runtime libraries to " + temp.resolve("cache/natives/v1"))
                .hasMessageEndingWith("set DIL_ORT_CACHE to a folder that can be written");
    }

    @Test
    void manyMayUnpackAtOnce() throws Exception {
        Callable<Path> unpack = () -> cache.folderOf(bundle);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (Future<Path> folder : threads.invokeAll(Collections.nCopies(32, unpack))) {
                assertThat(folder.get().resolve("a.so")).hasContent("library a");
            }
        } finally {
            threads.shutdown();
        }
        assertThat(names(temp.resolve("cache/natives/v1"))).containsExactly("a.so", "b.so");
    }

    private NativeFile packed(String name, String content) throws IOException {
        Path source = Files.writeString(temp.resolve("packed-" + name), content);
        return new NativeFile(name, source.toUri().toURL());
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
