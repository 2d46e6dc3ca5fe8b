package org.dilort.runtime;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.dilort.error.UserException;

/** An operating system and processor for which both jars bring native libraries, and the names they use for it. */
enum NativePlatform {
    LINUX_X86_64("linux-x86_64", "linux-x64", "lib", "libonnxruntime.so.1", ".so"),
    LINUX_ARM64("linux-arm64", "linux-aarch64", "lib", "libonnxruntime.so.1", ".so"),
    MACOS_ARM64("macosx-arm64", "osx-aarch64", "lib", "libonnxruntime.1.dylib", ".dylib"),
    WINDOWS_X86_64("windows-x86_64", "win-x64", "", "onnxruntime.dll", ".dll");

    private final String classifier;
    private final String javaFolder;
    private final String prefix;
    private final String versionedRuntime;
    private final String suffix;

    NativePlatform(String classifier, String javaFolder, String prefix, String versionedRuntime, String suffix) {
        this.classifier = classifier;
        this.javaFolder = javaFolder;
        this.prefix = prefix;
        this.versionedRuntime = versionedRuntime;
        this.suffix = suffix;
    }

    static NativePlatform current() {
        return of(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
    }

    static NativePlatform of(String osName, String osArch) {
        String wanted = operatingSystem(osName) + "-" + processor(osArch);
        return Arrays.stream(values())
                .filter(platform -> platform.classifier.equals(wanted))
                .findFirst()
                .orElseThrow(() -> new UserException("no ONNX Runtime training library for os.name=" + osName
                        + ", os.arch=" + osArch + "; expected one of " + supported()));
    }

    String classifier() {
        return classifier;
    }

    /** Folders of the training-enabled build in its jar, the one with CUDA first. */
    List<String> trainingFolders() {
        return List.of(trainingFolder(classifier + "-gpu"), trainingFolder(classifier));
    }

    /** The runtime library as the training-enabled jar names it: with its major version, where that is the custom. */
    String versionedRuntime() {
        return versionedRuntime;
    }

    /** The library that joins Java and the runtime, as a resource of the Java API's jar. */
    String bridgeResource() {
        return "ai/onnxruntime/native/" + javaFolder + "/" + library("onnxruntime4j_jni");
    }

    /** The file name under which the Java API looks for a library, {@code System.mapLibraryName} of this platform. */
    String library(String name) {
        return prefix + name + suffix;
    }

    private static String trainingFolder(String classifier) {
        return "org/bytedeco/onnxruntime/" + classifier + "/";
    }

    private static String operatingSystem(String osName) {
        String name = osName.toLowerCase(Locale.ROOT);
        if (name.startsWith("mac") || name.contains("darwin")) {
            return "macosx";
        }
        return name.startsWith("windows") ? "windows" : name;
    }

    private static String processor(String osArch) {
        String arch = osArch.toLowerCase(Locale.ROOT);
        return switch (arch) {
            case "amd64", "x64", "x86-64" -> "x86_64";
            case "aarch64" -> "arm64";
            default -> arch;
        };
    }

    private static String supported() {
        return Arrays.stream(values()).map(NativePlatform::classifier).collect(Collectors.joining(", "));
    }
}
