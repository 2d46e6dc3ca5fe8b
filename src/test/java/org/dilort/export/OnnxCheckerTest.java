package org.dilort.export;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.onnx.global.onnx;
import org.dilort.testing.GoldenModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The checker of the ONNX project itself, with its shape inference. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class OnnxCheckerTest {

    @TempDir
    private Path temp;

    @Test
    void acceptsEveryExport() {
        for (String name : GoldenModel.ofAnyLength()) {
            Path export = TestModels.export(GoldenModel.load(name).folder(), temp.resolve(name));

            assertThatCode(() -> check(export)).as(name).doesNotThrowAnyException();
        }
    }

    @Test
    void missesTheWeightFile() throws IOException {
        Path export = TestModels.export(GoldenModel.load("llama_gqa_tied").folder(), temp.resolve("export"));
        Files.delete(export.resolve("onnx/model.onnx_data"));

        assertThatThrownBy(() -> check(export)).hasMessageContaining("model.onnx_data");
    }

    private static void check(Path export) {
        boolean full = true;
        boolean skipOpsetCompatibility = false;
        boolean customDomains = false;
        onnx.check_model(export.resolve("onnx/model.onnx").toString(), full, skipOpsetCompatibility, customDomains);
    }
}
