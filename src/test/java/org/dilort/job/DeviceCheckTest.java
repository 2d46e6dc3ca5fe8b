package org.dilort.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.dilort.onnx.DType;
import org.dilort.runtime.Processor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceCheckTest {
    @TempDir
    private Path folder;

    @Test
    void theCpuIsItself() {
        try (DeviceCheck check = new DeviceCheck(folder)) {
            for (String head : new String[] {"lsif", "kto_pair", "ld_dpo", "bco"}) {
                DeviceCheck.Difference difference = check.compare(head, new Processor.Cpu(), DType.FLOAT);
                assertThat(difference).isEqualTo(new DeviceCheck.Difference(head, 0, 0, 0, 0));
            }
            assertThat(check.compareAdamW(new Processor.Cpu(), DType.FLOAT))
                    .isEqualTo(new DeviceCheck.Difference("adamw", 0, 0, 0, 0));
        }
    }

    /** Half precision is seen, so the check can fail; it is near enough for a narrow type's tolerance. */
    @Test
    void narrowerProductsDiffer() {
        try (DeviceCheck check = new DeviceCheck(folder)) {
            DeviceCheck.Difference difference = check.compare("dpo", new Processor.Cpu(), DType.FLOAT16);
            assertThat(difference.gradient()).isPositive();
            assertThat(difference.within(2e-2)).isTrue();
            assertThat(difference.within(1e-7)).isFalse();
        }
    }
}
