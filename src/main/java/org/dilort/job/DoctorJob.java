package org.dilort.job;

import ai.onnxruntime.OrtEnvironment;
import java.util.ArrayList;
import java.util.List;
import org.dilort.files.TemporaryFolders;
import org.dilort.onnx.DType;
import org.dilort.runtime.CudaSystem;
import org.dilort.runtime.Gpu;
import org.dilort.runtime.OrtNatives;
import org.dilort.runtime.Processor;

/** {@code dil-ort doctor}: what this machine is, and whether its GPU computes what its CPU does. */
public final class DoctorJob {
    private static final double FLOAT_TOLERANCE = 1e-3;
    private static final double NARROW_TOLERANCE = 2e-2;

    private DoctorJob() {}

    /** Whether every step agreed. */
    public enum Verdict {
        SOUND,
        UNSOUND
    }

    /** Says what is here. */
    public static void report(String version, JobOutput output) {
        OrtEnvironment runtime = OrtNatives.environment();
        output.line("dil-ort " + version + ", Java " + System.getProperty("java.version") + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
                + Runtime.getRuntime().availableProcessors() + " CPUs");
        output.line("ONNX Runtime " + runtime.getVersion() + " with training");
        List<Gpu> gpus = CudaSystem.gpus();
        gpus.forEach(gpu -> output.line(gpu.toString()));
        List<String> missing = CudaSystem.missing();
        output.line(missing.isEmpty() ? "CUDA: ready" : "CUDA: missing " + String.join(", ", missing));
    }

    /**
     * One training step of every head on the GPU against the CPU, with products in float and in bfloat16.
     *
     * @throws org.dilort.error.ConfigException where no GPU can be used
     */
    public static Verdict checkCuda(JobOutput output) {
        Processor gpu = new Processor.Cuda(CudaSystem.require().ordinal());
        Verdict exact = check(gpu, DType.FLOAT, FLOAT_TOLERANCE, output);
        Verdict narrow = check(gpu, DType.BFLOAT16, NARROW_TOLERANCE, output);
        return exact == Verdict.SOUND && narrow == Verdict.SOUND ? Verdict.SOUND : Verdict.UNSOUND;
    }

    static Verdict check(Processor processor, DType products, double tolerance, JobOutput output) {
        List<DeviceCheck.Difference> found = new ArrayList<>();
        try (DeviceCheck check = new DeviceCheck(TemporaryFolders.create("doctor"))) {
            for (String head : DeviceCheck.heads()) {
                found.add(check.compare(head, processor, products));
                report(found.get(found.size() - 1), tolerance, products, output);
            }
            found.add(check.compareAdamW(processor, products));
            report(found.get(found.size() - 1), tolerance, products, output);
        }
        long sound = found.stream()
                .filter(difference -> difference.within(tolerance))
                .count();
        output.line(sound + " of " + found.size() + " steps (every head, AdamW) within " + tolerance
                + " of the CPU, products in " + products);
        return sound == found.size() ? Verdict.SOUND : Verdict.UNSOUND;
    }

    private static void report(DeviceCheck.Difference difference, double tolerance, DType products, JobOutput output) {
        output.line((difference.within(tolerance) ? "ok   " : "FAIL ") + products + " " + difference);
    }
}
