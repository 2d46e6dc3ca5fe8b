package org.dilort.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import org.dilort.error.UserException;

/**
 * Loads ONNX Runtime with its training API: the Java API of one jar over the training-enabled library of another.
 *
 * <p>The Java API looks for its libraries in the folder that the system property {@code onnxruntime.native.path} names.
 * Unless the user has set it, this class sets it to a cache folder that holds the right pair.
 */
public final class OrtNatives {
    static final String FOLDER_PROPERTY = "onnxruntime.native.path";
    private static final String TRAINING_POM = "META-INF/maven/org.bytedeco/onnxruntime/pom.properties";
    private static final Path MAPPED_FILES = Path.of("/proc/self/maps");

    private OrtNatives() {}

    /**
     * The environment of this process; the first call unpacks what is missing and loads.
     *
     * @throws UserException if a library is missing, cannot be loaded, or was built without training
     */
    public static synchronized OrtEnvironment environment() {
        if (System.getProperty(FOLDER_PROPERTY) == null) {
            NativeCache cache = NativeCache.of(System.getenv(), Path.of(System.getProperty("user.home", "")));
            Path folder = unpack(cache, NativePlatform.current(), OrtNatives.class.getClassLoader());
            System.setProperty(FOLDER_PROPERTY, folder.toString());
        }
        OrtEnvironment environment = load(System.getProperty(FOLDER_PROPERTY));
        if (!environment.isTrainingEnabled()) {
            throw new UserException("ONNX Runtime was built without its training API: loaded "
                    + loadedLibrary() + "; expected the library of org.bytedeco:onnxruntime; unset " + FOLDER_PROPERTY
                    + " and call OrtNatives.environment() before any other use of ai.onnxruntime");
        }
        return environment;
    }

    static Path unpack(NativeCache cache, NativePlatform platform, ClassLoader jars) {
        try {
            return cache.folderOf(key(platform, jars), libraries(platform, jars));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the ONNX Runtime jars", e);
        }
    }

    private static List<NativeFile> libraries(NativePlatform platform, ClassLoader jars) throws IOException {
        String folder = trainingFolder(platform, jars);
        List<NativeFile> files = new ArrayList<>();
        files.add(NativeFile.of(platform.library("onnxruntime"), jars.getResource(folder + platform.versionedRuntime())));
        for (String provider : List.of("onnxruntime_providers_shared", "onnxruntime_providers_cuda")) {
            String name = platform.library(provider);
            URL source = jars.getResource(folder + name);
            if (source != null) {
                files.add(NativeFile.of(name, source));
            }
        }
        URL bridge = jars.getResource(platform.bridgeResource());
        if (bridge == null) {
            throw missing(platform.bridgeResource(), "com.microsoft.onnxruntime:onnxruntime");
        }
        files.add(NativeFile.of(platform.library("onnxruntime4j_jni"), bridge));
        return files;
    }

    private static String trainingFolder(NativePlatform platform, ClassLoader jars) {
        return platform.trainingFolders().stream()
                .filter(folder -> jars.getResource(folder + platform.versionedRuntime()) != null)
                .findFirst()
                .orElseThrow(() -> missing(
                        platform.trainingFolders().get(1) + platform.versionedRuntime(),
                        "org.bytedeco:onnxruntime with classifier " + platform.classifier()));
    }

    private static UserException missing(String resource, String artifact) {
        return new UserException(
                "ONNX Runtime library not on the class path: " + resource + "; expected in the jar " + artifact);
    }

    private static String key(NativePlatform platform, ClassLoader jars) throws IOException {
        String java = Objects.requireNonNullElse(OrtEnvironment.class.getPackage().getImplementationVersion(), "unknown");
        boolean cuda = trainingFolder(platform, jars).equals(platform.trainingFolders().get(0));
        return "onnxruntime-" + java + "-" + trainingVersion(jars) + "-" + platform.classifier() + (cuda ? "-gpu" : "");
    }

    private static String trainingVersion(ClassLoader jars) throws IOException {
        Properties pom = new Properties();
        try (InputStream in = jars.getResourceAsStream(TRAINING_POM)) {
            if (in != null) {
                pom.load(in);
            }
        }
        return pom.getProperty("version", "unknown");
    }

    private static OrtEnvironment load(String folder) {
        try {
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            environment.setTelemetry(false);
            return environment;
        } catch (LinkageError e) {
            Throwable reason = e.getCause() == null ? e : e.getCause();
            Throwable root = reason.getCause() == null ? reason : reason.getCause();
            throw new UserException("cannot load ONNX Runtime from " + folder + ": " + root.getMessage(), e);
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime refused to turn telemetry off", e);
        }
    }

    /** The file itself where the system tells (Linux), else the folder that was asked for. */
    private static String loadedLibrary() {
        String folder = System.getProperty(FOLDER_PROPERTY);
        if (!Files.isReadable(MAPPED_FILES)) {
            return "the one in " + folder;
        }
        try (Stream<String> lines = Files.lines(MAPPED_FILES)) {
            return lines.filter(line -> line.contains("/libonnxruntime.so"))
                    .map(line -> line.substring(line.indexOf('/')))
                    .findFirst()
                    .orElse("the one in " + folder);
        } catch (IOException e) {
            return "the one in " + folder;
        }
    }
}
