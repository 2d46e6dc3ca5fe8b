package org.dilort.runtime;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.dilort.error.UserException;

/**
 * The libraries that belong in one folder: the training-enabled runtime, its providers, and the bridge to the Java API.
 *
 * @param key names versions and platform, so that no two different sets share a folder
 */
record NativeBundle(String key, List<NativeFile> files) {
    private static final String TRAINING_POM = "META-INF/maven/org.bytedeco/onnxruntime/pom.properties";
    private static final List<String> PROVIDERS = List.of("onnxruntime_providers_shared", "onnxruntime_providers_cuda");

    NativeBundle {
        files = List.copyOf(files);
    }

    /** Finds the libraries in the jars that {@code jars} knows; where it knows both builds, the one with CUDA wins. */
    static NativeBundle find(NativePlatform platform, ClassLoader jars) {
        String classifier = List.of(platform.cudaClassifier(), platform.classifier()).stream()
                .filter(candidate -> jars.getResource(platform.runtimeResource(candidate)) != null)
                .findFirst()
                .orElseThrow(() -> missing(
                        platform.runtimeResource(platform.classifier()),
                        "org.bytedeco:onnxruntime, classifier " + platform.classifier()));
        boolean cuda = classifier.equals(platform.cudaClassifier());
        String bridgeResource = cuda ? platform.cudaBridgeResource() : platform.bridgeResource();
        URL bridge = jars.getResource(bridgeResource);
        if (bridge == null) {
            throw missing(bridgeResource, "com.microsoft.onnxruntime:onnxruntime" + (cuda ? "_gpu" : ""));
        }
        List<NativeFile> files = new ArrayList<>();
        files.add(new NativeFile(
                platform.library("onnxruntime"), jars.getResource(platform.runtimeResource(classifier))));
        files.add(new NativeFile(platform.library("onnxruntime4j_jni"), bridge));
        for (String provider : PROVIDERS) {
            URL source = jars.getResource(platform.providerResource(classifier, provider));
            if (source != null) {
                files.add(new NativeFile(platform.library(provider), source));
            }
        }
        return new NativeBundle("onnxruntime-" + javaVersion() + "-" + trainingVersion(jars) + "-" + classifier, files);
    }

    /** Whether the build with CUDA is on the class path. */
    static boolean hasCuda(NativePlatform platform, ClassLoader jars) {
        return jars.getResource(platform.runtimeResource(platform.cudaClassifier())) != null;
    }

    private static UserException missing(String resource, String artifact) {
        return new UserException(
                "ONNX Runtime library not on the class path: " + resource + "; expected in the jar of " + artifact);
    }

    private static String javaVersion() {
        return Objects.requireNonNullElse(OrtEnvironment.class.getPackage().getImplementationVersion(), "unknown");
    }

    private static String trainingVersion(ClassLoader jars) {
        Properties pom = new Properties();
        try (InputStream in = jars.getResourceAsStream(TRAINING_POM)) {
            if (in != null) {
                pom.load(in);
            }
        } catch (IOException e) {
            throw new UserException(
                    "cannot read " + TRAINING_POM + " of org.bytedeco:onnxruntime: " + e.getMessage(), e);
        }
        return pom.getProperty("version", "unknown");
    }
}
