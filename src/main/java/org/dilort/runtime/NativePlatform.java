package org.dilort.runtime;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.dilort.error.UserException;

/** An operating system and processor for which both jars bring native libraries, and the names they use for it. */
enum NativePlatform {
    LINUX_X86_64("linux-x86_64", "linux-x64", "lib", ".so", "libonnxruntime.so.1"),
    LINUX_ARM64("linux-arm64", "linux-aarch64", "lib", ".so", "libonnxruntime.so.1"),
    MACOS_ARM64("macosx-arm64", "osx-aarch64", "lib", ".dylib", "libonnxruntime.1.dylib"),
    WINDOWS_X86_64("windows-x86_64", "win-x64", "", ".dll", "onnxruntime.dll");

    private final String classifier;
    private final String bridgeFolder;
    private final String prefix;
    private final String suffix;
    private final String runtime;

    NativePlatform(String classifier, String bridgeFolder, String prefix, String suffix, String runtime) {
        this.classifier = classifier;
        this.bridgeFolder = bridgeFolder;
        this.prefix = prefix;
        this.suffix = suffix;
        this.runtime = runtime;
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

    /** Classifier of the jar with the training-enabled build for CPU. */
    String classifier() {
        return classifier;
    }

    String cudaClassifier() {
        return classifier + "-gpu";
    }

    /** The training-enabled runtime in its jar, where it carries its major version if that is the platform's custom. */
    String runtimeResource(String classifier) {
        return "org/bytedeco/onnxruntime/" + classifier + "/" + runtime;
    }

    String providerResource(String classifier, String provider) {
        return "org/bytedeco/onnxruntime/" + classifier + "/" + library(provider);
    }

    /** The library that joins Java and the runtime, in the jar of the Java API. */
    String bridgeResource() {
        return "ai/onnxruntime/native/" + bridgeFolder + "/" + library("onnxruntime4j_jni");
    }

    /** The same with CUDA, in the jar of this project. */
    String cudaBridgeResource() {
        return "org/dilort/natives/cuda/" + bridgeResource();
    }

    /** The file name under which the Java API looks for a library: {@code System.mapLibraryName} of this platform. */
    String library(String name) {
        return prefix + name + suffix;
    }

    private static String operatingSystem(String osName) {
        String name = osName.toLowerCase(Locale.ROOT);
        if (name.startsWith("mac")) {
            return "macosx";
        }
        return name.startsWith("windows") ? "windows" : name;
    }

    private static String processor(String osArch) {
        String arch = osArch.toLowerCase(Locale.ROOT);
        return switch (arch) {
            case "amd64", "x64" -> "x86_64";
            case "aarch64" -> "arm64";
            default -> arch;
        };
    }

    private static String supported() {
        return Arrays.stream(values()).map(NativePlatform::classifier).collect(Collectors.joining(", "));
    }
}
