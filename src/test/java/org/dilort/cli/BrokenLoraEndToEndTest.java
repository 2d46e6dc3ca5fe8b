package org.dilort.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.dilort.weights.SafetensorsFolder;
import org.dilort.weights.SafetensorsWriter;
import org.dilort.weights.ShardPlan;
import org.dilort.weights.WeightType;
import org.junit.jupiter.api.Test;

/** Adapters that cannot be. */
class BrokenLoraEndToEndTest extends RefusedEndToEndRun {
    private static final Path ADAPTER = Path.of("src/test/resources/golden/adapter-rslora");

    @Test
    void aTargetThatTheModelLacks() {
        assertRefused(
                "model.lora.targets: got \"qproj\", which fits no linear layer of the model; did you mean q_proj?",
                "model.lora.rank=4",
                "model.lora.targets=qproj");
    }

    @Test
    void newWeights() {
        assertRefused(
                "model.init: got random with model.lora, expected pretrained: adapters leave the weights as they are",
                "model.lora.rank=4",
                "model.init=random");
    }

    @Test
    void anAdapterOfAnotherModel() {
        assertThat(refusal("model.lora.adapter=" + ADAPTER))
                .startsWith("lm_head.weight: the model has no such weight")
                .contains(ADAPTER.toString());
    }

    @Test
    void noAdapterAtAll() {
        assertRefused(
                TINY_MODEL + ": no adapter_config.json, expected the folder of a PEFT adapter",
                "model.lora.adapter=" + TINY_MODEL);
        assertRefused(
                "nowhere: no adapter_config.json, expected the folder of a PEFT adapter", "model.lora.adapter=nowhere");
    }

    @Test
    void aBaseThatIsNotFinite() throws IOException {
        Path model = Files.createDirectory(temp.resolve("model"));
        Files.copy(TINY_MODEL.resolve("config.json"), model.resolve("config.json"));
        try (SafetensorsFolder weights = SafetensorsFolder.open(TINY_MODEL)) {
            SafetensorsWriter writer = new SafetensorsWriter(Map.of());
            weights.tensors().values().forEach(tensor -> writer.add(tensor.name(), WeightType.F32, tensor.shape(), sink -> {
                float[] values = weights.toArray(tensor.name());
                if (tensor.name().equals("model.norm.weight")) {
                    values[3] = Float.NaN;
                }
                sink.accept(FloatBuffer.wrap(values));
            }));
            writer.writeFolder(model, ShardPlan.singleFile());
        }
        assertThat(refusal("model.path=" + model, "model.lora.rank=4"))
                .startsWith("model.norm.weight: 1 of 48 values are not finite, the first is NaN at index 3");
    }
}
