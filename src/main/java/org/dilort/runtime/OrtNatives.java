package org.dilort.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dilort.error.RunFailure;
import org.dilort.error.UserException;

/**
 * Loads ONNX Runtime with its training API: the Java API of one jar over the training-enabled library of another.
 *
 * <p>The Java API looks for its libraries in the folder that the system property {@code onnxruntime.native.path} names.
 * Unless the user has set it, this class sets it to a cache folder that holds the right pair.
 */
public final class OrtNatives {
    private static final String FOLDER_PROPERTY = "onnxruntime.native.path";
    private static final Path MAPPED_FILES = Path.of("/proc/self/maps");

    /** What Linux's loader says where memory, or the address space, has an end. */
    private static final Pattern NO_ROOM = Pattern.compile("failed to map segment|[Cc]annot allocate memory");

    private OrtNatives() {}

    /**
     * The environment of this process; the first call unpacks what is missing and loads.
     *
     * @throws UserException if a library is missing, cannot be loaded, or was built without training
     * @throws RunFailure if there is no memory for it
     */
    public static synchronized OrtEnvironment environment() {
        if (System.getProperty(FOLDER_PROPERTY) == null) {
            NativeBundle bundle = NativeBundle.find(NativePlatform.current(), OrtNatives.class.getClassLoader());
            Path home = Path.of(System.getProperty("user.home", ""));
            Path folder = NativeCache.of(System.getenv(), home).folderOf(bundle);
            System.setProperty(FOLDER_PROPERTY, folder.toString());
        }
        OrtEnvironment environment = load();
        if (!environment.isTrainingEnabled()) {
            throw new UserException("ONNX Runtime cannot train: loaded " + loadedLibrary()
                    + ", expected the training-enabled library of org.bytedeco:onnxruntime; leave " + FOLDER_PROPERTY
                    + " unset, and use nothing of ai.onnxruntime before OrtNatives");
        }
        return environment;
    }

    /** The folder of libraries that was chosen, by the user or by an earlier call; empty before. */
    static Optional<Path> chosenFolder() {
        return Optional.ofNullable(System.getProperty(FOLDER_PROPERTY)).map(Path::of);
    }

    private static OrtEnvironment load() {
        try {
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            environment.setTelemetry(false);
            return environment;
        } catch (LinkageError e) {
            throw notLoaded(
                    "cannot load ONNX Runtime from " + folder() + ": "
                            + rootCause(e).getMessage(),
                    e);
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime refused to turn telemetry off", e);
        }
    }

    /** A library that is there and whole, but finds no room, is no mistake of the user's. */
    static RuntimeException notLoaded(String message, LinkageError cause) {
        return NO_ROOM.matcher(message).find()
                ? new RunFailure(
                        message + "; out of memory, or a limit of this process (ulimit -v) is too small", cause)
                : new UserException(message, cause);
    }

    private static Throwable rootCause(Throwable error) {
        return error.getCause() == null ? error : rootCause(error.getCause());
    }

    /** The file itself where the system tells (Linux), else the folder that was asked for. */
    private static String loadedLibrary() {
        if (!Files.isReadable(MAPPED_FILES)) {
            return "the library in " + folder();
        }
        try (Stream<String> lines = Files.lines(MAPPED_FILES)) {
            return lines.filter(line -> line.contains("/libonnxruntime.so"))
                    .map(line -> line.substring(line.indexOf('/')))
                    .findFirst()
                    .orElse("the library in " + folder());
        } catch (IOException e) {
            return "the library in " + folder();
        }
    }

    private static String folder() {
        return System.getProperty(FOLDER_PROPERTY);
    }
}
