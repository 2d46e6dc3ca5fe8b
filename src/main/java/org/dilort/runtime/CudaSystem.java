package org.dilort.runtime;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dilort.error.ConfigException;

/**
 * The CUDA of this machine: the driver, and the libraries of CUDA 13 and cuDNN 9 that ONNX Runtime's CUDA provider is
 * linked against. They are looked for as the system's loader does: its folders, and those of {@code LD_LIBRARY_PATH},
 * to which the launcher adds {@code DIL_ORT_CUDA_PATH}.
 */
public final class CudaSystem {
    private static final String DRIVER = "libcuda.so.1";
    private static final String MANAGEMENT = "libnvidia-ml.so.1";
    private static final String PROVIDER = "onnxruntime_providers_cuda";
    private static final String RUNTIME = "libcudart.so.13";
    private static final int NAME_BYTES = 256;

    /** By file name, what it belongs to. */
    private static final Map<String, String> NEEDED = needed();

    private CudaSystem() {}

    private static Map<String, String> needed() {
        Map<String, String> libraries = new LinkedHashMap<>();
        libraries.put(DRIVER, "the NVIDIA driver");
        libraries.put(RUNTIME, "CUDA 13");
        libraries.put("libcublasLt.so.13", "CUDA 13");
        libraries.put("libcublas.so.13", "CUDA 13");
        libraries.put("libcudnn.so.9", "cuDNN 9");
        return libraries;
    }

    /** Whether this build of the project brings ONNX Runtime's CUDA libraries. */
    public static boolean isBuiltIn() {
        return OrtNatives.chosenFolder()
                .map(folder ->
                        Files.exists(folder.resolve(NativePlatform.current().library(PROVIDER))))
                .orElseGet(() -> NativeBundle.hasCuda(NativePlatform.current(), CudaSystem.class.getClassLoader()));
    }

    /** What a CUDA session lacks here, in words; empty where it can run. */
    public static List<String> missing() {
        List<String> missing = new ArrayList<>();
        if (!isBuiltIn()) {
            missing.add("the CUDA libraries of ONNX Runtime (build with -Pcuda)");
        }
        NEEDED.forEach((library, part) -> {
            if (!loads(library)) {
                missing.add(library + " (" + part + ")");
            }
        });
        if (missing.isEmpty() && gpus().isEmpty()) {
            missing.add("a GPU: the driver shows none");
        }
        return missing;
    }

    /**
     * The first GPU.
     *
     * @throws ConfigException if there is none or a library is missing; it names all that is missing
     */
    public static Gpu require() {
        List<String> missing = missing();
        if (!missing.isEmpty()) {
            throw new ConfigException("device: got cuda, expected a machine that has it; missing: "
                    + String.join(", ", missing)
                    + "; libraries are looked for in the system's folders and those that LD_LIBRARY_PATH or"
                    + " DIL_ORT_CUDA_PATH names");
        }
        return gpus().get(0);
    }

    private static boolean loads(String library) {
        try {
            NativeLibrary.getInstance(library);
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }

    /** Those that the driver shows; none without a driver. */
    public static List<Gpu> gpus() {
        IntByReference count = new IntByReference();
        if (!loads(DRIVER) || call(DRIVER, "cuInit", 0) != 0 || call(DRIVER, "cuDeviceGetCount", count) != 0) {
            return List.of();
        }
        List<Gpu> gpus = new ArrayList<>();
        for (int ordinal = 0; ordinal < count.getValue(); ordinal++) {
            gpus.add(gpu(ordinal));
        }
        return gpus;
    }

    private static Gpu gpu(int ordinal) {
        IntByReference device = new IntByReference();
        byte[] name = new byte[NAME_BYTES];
        LongByReference bytes = new LongByReference();
        require(call(DRIVER, "cuDeviceGet", device, ordinal), "cuDeviceGet");
        require(call(DRIVER, "cuDeviceGetName", name, NAME_BYTES, device.getValue()), "cuDeviceGetName");
        require(call(DRIVER, "cuDeviceTotalMem_v2", bytes, device.getValue()), "cuDeviceTotalMem");
        return new Gpu(ordinal, text(name), driverVersion(), bytes.getValue());
    }

    private static String driverVersion() {
        byte[] version = new byte[NAME_BYTES];
        boolean known = loads(MANAGEMENT)
                && call(MANAGEMENT, "nvmlInit_v2") == 0
                && call(MANAGEMENT, "nvmlSystemGetDriverVersion", version, NAME_BYTES) == 0;
        return known ? text(version) : "unknown";
    }

    /** Bytes in use on the current GPU, by all processes; sessions' arenas never shrink, so this is also their peak. */
    public static long usedBytes() {
        LongByReference free = new LongByReference();
        LongByReference total = new LongByReference();
        require(call(RUNTIME, "cudaMemGetInfo", free, total), "cudaMemGetInfo");
        return total.getValue() - free.getValue();
    }

    private static int call(String library, String function, Object... arguments) {
        Function found = NativeLibrary.getInstance(library).getFunction(function);
        return found.invokeInt(arguments);
    }

    private static void require(int status, String function) {
        if (status != 0) {
            throw new IllegalStateException(function + " of CUDA failed with status " + status);
        }
    }

    private static String text(byte[] terminated) {
        int length = 0;
        while (length < terminated.length && terminated[length] != 0) {
            length++;
        }
        return new String(terminated, 0, length, StandardCharsets.US_ASCII);
    }
}
