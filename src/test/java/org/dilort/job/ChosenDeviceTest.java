package org.dilort.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.dilort.config.Config;
import org.dilort.config.ConfigLoader;
import org.dilort.error.ConfigException;
import org.dilort.onnx.DType;
import org.dilort.runtime.CudaSystem;
import org.dilort.runtime.Processor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChosenDeviceTest {
    private static Config config(String... overrides) {
        return ConfigLoader.parse("x.yaml", "model: {path: m}\ndata: {train: t}\noutput: o\n", List.of(overrides));
    }

    @Test
    void theCpuComputesInFloat() {
        ChosenDevice device = ChosenDevice.of(config("device=cpu"));

        assertThat(device.processor()).isEqualTo(new Processor.Cpu());
        assertThat(device.products()).isEqualTo(DType.FLOAT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bfloat16", "float16"})
    void theCpuHasNoNarrowerProducts(String compute) {
        assertThatThrownBy(() -> ChosenDevice.of(config("device=cpu", "model.compute=" + compute)))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("model.compute: got " + compute + " with device cpu, expected float32");
    }

    @Test
    void graphsForCudaHaveBfloat16ProductsUnlessTold() {
        assertThat(ChosenDevice.assumed(config("device=cuda")).products()).isEqualTo(DType.BFLOAT16);
        assertThat(ChosenDevice.assumed(config("device=cuda", "model.compute=float32"))
                        .products())
                .isEqualTo(DType.FLOAT);
    }

    /** On a machine that has all of it nothing is missing, and the first GPU is taken. */
    @Test
    void cudaNamesEverythingThatIsMissing() {
        List<String> missing = CudaSystem.missing();
        if (missing.isEmpty()) {
            assertThat(ChosenDevice.of(config("device=cuda")).processor()).isEqualTo(new Processor.Cuda(0));
            return;
        }
        assertThatThrownBy(() -> ChosenDevice.of(config("device=cuda")))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("device: got cuda, expected a machine that has it; missing: ")
                .hasMessageContaining(String.join(", ", missing));
    }

    @Test
    void autoIsTheCpuWhereCudaIsNotComplete() {
        boolean cuda = CudaSystem.missing().isEmpty();

        assertThat(ChosenDevice.of(config("device=auto")).processor())
                .isEqualTo(cuda ? new Processor.Cuda(0) : new Processor.Cpu());
    }
}
