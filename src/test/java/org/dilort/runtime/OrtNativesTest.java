package org.dilort.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dilort.error.RunFailure;
import org.dilort.error.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrtNativesTest {
    private static final NativePlatform PLATFORM = NativePlatform.current();
    private static final ClassLoader JARS = OrtNatives.class.getClassLoader();

    @TempDir
    private Path temp;

    @Test
    void loadsALibraryThatTrains() {
        assertThat(OrtNatives.environment().isTrainingEnabled()).isTrue();
        assertThat(OrtNatives.environment()).isSameAs(OrtNatives.environment());
    }

    @Test
    void findsTheRuntimeAndTheBridgeAndNamesTheirVersions() {
        NativeBundle bundle = NativeBundle.find(PLATFORM, JARS);

        assertThat(bundle.files())
                .extracting(NativeFile::name)
                .contains(PLATFORM.library("onnxruntime"), PLATFORM.library("onnxruntime4j_jni"));
        assertThat(bundle.key()).matches("onnxruntime-[0-9.]+-[0-9.]+-[0-9.]+-" + PLATFORM.classifier() + "(-gpu)?");
    }

    @Test
    void saysWhichJarLacksTheTrainingLibrary() {
        ClassLoader none = new URLClassLoader(new URL[0], null);

        assertThatThrownBy(() -> NativeBundle.find(NativePlatform.LINUX_ARM64, none))
                .isInstanceOf(UserException.class)
                .hasMessage("ONNX Runtime library not on the class path:"
                        + " org/bytedeco/onnxruntime/linux-arm64/libonnxruntime.so.1;"
                        + " expected in the jar of org.bytedeco:onnxruntime, classifier linux-arm64");
    }

    @Test
    void tellsALibraryWithoutMemoryFromOneThatIsWrong() {
        LinkageError cause = new UnsatisfiedLinkError();
        assertThat(OrtNatives.notLoaded("a.so: failed to map segment from shared object", cause))
                .isInstanceOf(RunFailure.class)
                .hasMessageStartingWith("a.so: failed to map segment from shared object; out of memory");
        assertThat(OrtNatives.notLoaded("a.so: invalid ELF header", cause))
                .isInstanceOf(UserException.class)
                .hasMessage("a.so: invalid ELF header");
    }

    @Test
    void saysWhichJarLacksTheBridge() throws IOException {
        ClassLoader trainingOnly = folderWith("linux-x86_64/libonnxruntime.so.1");

        assertThatThrownBy(() -> NativeBundle.find(NativePlatform.LINUX_X86_64, trainingOnly))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("ai/onnxruntime/native/linux-x64/libonnxruntime4j_jni.so")
                .hasMessageContaining("com.microsoft.onnxruntime:onnxruntime");
    }

    @Test
    void prefersTheBuildWithCudaAndTakesItsProviders() throws IOException {
        Path bridge = temp.resolve(NativePlatform.LINUX_X86_64.cudaBridgeResource());
        Files.createDirectories(bridge.getParent());
        Files.writeString(bridge, "bridge");
        ClassLoader both = new URLClassLoader(
                folderWith(
                                "linux-x86_64/libonnxruntime.so.1",
                                "linux-x86_64-gpu/libonnxruntime.so.1",
                                "linux-x86_64-gpu/libonnxruntime_providers_cuda.so",
                                "linux-x86_64-gpu/libonnxruntime_providers_shared.so")
                        .getURLs(),
                JARS);

        NativeBundle bundle = NativeBundle.find(NativePlatform.LINUX_X86_64, both);

        assertThat(bundle.key()).endsWith("-linux-x86_64-gpu");
        assertThat(bundle.files())
                .extracting(NativeFile::name)
                .containsExactly(
                        "libonnxruntime.so",
                        "libonnxruntime4j_jni.so",
                        "libonnxruntime_providers_shared.so",
                        "libonnxruntime_providers_cuda.so");
    }

    /** The bridge for the CPU would load, and refuse CUDA only when a session is opened. */
    @Test
    void theBuildWithCudaNeedsABridgeWithCuda() throws IOException {
        ClassLoader withoutBridge = folderWith("linux-x86_64-gpu/libonnxruntime.so.1");

        assertThatThrownBy(() -> NativeBundle.find(NativePlatform.LINUX_X86_64, withoutBridge))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("org/dilort/natives/cuda/")
                .hasMessageContaining("com.microsoft.onnxruntime:onnxruntime_gpu");
    }

    @Test
    void refusesALibraryWithoutTrainingAndNamesTheFile() throws Exception {
        String bridge = PLATFORM.bridgeResource();
        String folder = bridge.substring(0, bridge.lastIndexOf('/') + 1);
        Path runtime = copy(folder + PLATFORM.library("onnxruntime"));
        copy(bridge);

        assertThat(loadFrom(temp))
                .startsWith("user error: ONNX Runtime cannot train: loaded ")
                .contains(runtime.getParent().toString())
                .contains("expected the training-enabled library of org.bytedeco:onnxruntime");
    }

    @Test
    void respectsTheFolderOfTheUserAndNamesWhatIsNotThere() throws Exception {
        assertThat(loadFrom(temp))
                .startsWith("user error: cannot load ONNX Runtime from " + temp)
                .contains(PLATFORM.library("onnxruntime"));
    }

    private URLClassLoader folderWith(String... libraries) throws IOException {
        for (String library : libraries) {
            Path file = temp.resolve("org/bytedeco/onnxruntime").resolve(library);
            Files.createDirectories(file.getParent());
            Files.writeString(file, library);
        }
        return new URLClassLoader(new URL[] {temp.toUri().toURL()}, null);
    }

    private Path copy(String resource) throws IOException {
        Path target = temp.resolve(resource.substring(resource.lastIndexOf('/') + 1));
        try (InputStream in = JARS.getResourceAsStream(resource)) {
            Files.copy(in, target);
        }
        return target;
    }

    private static String loadFrom(Path folder) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Donnxruntime.native.path=" + folder,
                        "-cp",
                        System.getProperty("java.class.path"),
                        LoadOrt.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
