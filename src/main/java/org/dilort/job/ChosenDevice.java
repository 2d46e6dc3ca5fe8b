package org.dilort.job;

import java.util.List;
import org.dilort.config.Compute;
import org.dilort.config.Config;
import org.dilort.config.Device;
import org.dilort.error.ConfigException;
import org.dilort.onnx.DType;
import org.dilort.runtime.CudaSystem;
import org.dilort.runtime.Gpu;
import org.dilort.runtime.Processor;

/**
 * Where a run computes, and in what.
 *
 * @param products the type of matrix products; everything else is float
 * @param note one line for the user
 */
record ChosenDevice(Processor processor, DType products, String note) {

    /**
     * As the configuration says; {@code auto} is CUDA where nothing is missing for it.
     *
     * @throws ConfigException for {@code cuda} where something is missing, and for a type that the device has not
     */
    static ChosenDevice of(Config config) {
        return switch (config.device()) {
            case CPU -> cpu(config, "device: cpu");
            case CUDA -> cuda(config, CudaSystem.require());
            case AUTO -> {
                if (!CudaSystem.isBuiltIn()) {
                    yield cpu(config, "device: cpu");
                }
                List<String> missing = CudaSystem.missing();
                yield missing.isEmpty()
                        ? cuda(config, CudaSystem.require())
                        : cpu(config, "device: cpu; CUDA would need " + String.join(", ", missing));
            }
        };
    }

    /** For work that only writes graphs, or that needs none: nothing of CUDA is looked for. */
    static ChosenDevice assumed(Config config) {
        Device device = config.device() == Device.CUDA ? Device.CUDA : Device.CPU;
        Processor processor = device == Device.CUDA ? new Processor.Cuda(0) : new Processor.Cpu();
        return new ChosenDevice(processor, products(config, device), "device: " + device.key());
    }

    private static ChosenDevice cpu(Config config, String note) {
        return new ChosenDevice(new Processor.Cpu(), products(config, Device.CPU), note);
    }

    private static ChosenDevice cuda(Config config, Gpu gpu) {
        DType products = products(config, Device.CUDA);
        String note = "device: " + gpu + "; matrix products in "
                + config.model().compute().on(Device.CUDA).key();
        return new ChosenDevice(new Processor.Cuda(gpu.ordinal()), products, note);
    }

    private static DType products(Config config, Device device) {
        Compute compute = config.model().compute().on(device);
        if (device == Device.CPU && compute != Compute.FLOAT32) {
            throw new ConfigException("model.compute: got " + compute.key() + " with device cpu, expected float32: ONNX"
                    + " Runtime's CPU kernels have no products in a narrower type");
        }
        return switch (compute) {
            case FLOAT32 -> DType.FLOAT;
            case BFLOAT16 -> DType.BFLOAT16;
            case FLOAT16, AUTO ->
                throw new ConfigException("model.compute: got " + compute.key() + ", expected float32 or bfloat16");
        };
    }
}
