package org.dilort.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.dilort.model.CausalLm;
import org.dilort.model.Parameter;
import org.dilort.testing.GoldenModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new model's weights are a function of its configuration and the seed. */
class RandomWeightsPropertyTest {
    private static final CausalLm TIED = GoldenModel.load("llama_gqa_tied").model();
    private static final CausalLm UNTIED = GoldenModel.load("llama_gqa_untied").model();

    private static final AdamW ADAMW = new AdamW(0.9, 0.999, 1e-8, 0, 1);

    @TempDir
    private Path folder;

    private Path write(String name, CausalLm model, long seed) throws IOException {
        TrainingArtifacts artifacts = new TrainingArtifacts(Files.createDirectory(folder.resolve(name)));
        artifacts.writeCheckpoint(model, ADAMW, new InitialWeights.Random(seed));
        return artifacts.checkpoint();
    }

    private static byte[] data(Path checkpoint) throws IOException {
        return Files.readAllBytes(checkpoint.resolveSibling(checkpoint.getFileName() + ".data"));
    }

    @Test
    void sameSeedGivesTheSameBytesAndAnotherSeedOthers() throws IOException {
        Path first = write("first", TIED, 42);
        Path again = write("again", TIED, 42);
        Path other = write("other", TIED, 43);
        assertThat(data(again)).isEqualTo(data(first));
        assertThat(Files.readAllBytes(again)).isEqualTo(Files.readAllBytes(first));
        assertThat(data(other)).isNotEqualTo(data(first));
    }

    @Test
    void weightDoesNotDependOnTheOthers() throws IOException {
        try (CheckpointReader tied = CheckpointReader.open(write("tied", TIED, 7));
                CheckpointReader untied = CheckpointReader.open(write("untied", UNTIED, 7))) {
            for (Parameter parameter : TIED.parameters()) {
                assertThat(untied.toArray(parameter.name())).isEqualTo(tied.toArray(parameter.name()));
            }
            assertThat(untied.toArray("lm_head.weight")).isNotEqualTo(tied.toArray("model.embed_tokens.weight"));
            assertThat(tied.toArray("model.layers.0.self_attn.q_proj.weight"))
                    .isNotEqualTo(tied.toArray("model.layers.1.self_attn.q_proj.weight"));
        }
    }

    /** 4656 draws: the mean within five of its standard errors of 0, the deviation within 5 % of what is asked. */
    @Test
    void matricesAreNormalAndGainsAreOne() throws IOException {
        double deviation = TIED.initializerRange();
        try (CheckpointReader reader = CheckpointReader.open(write("new", TIED, 1))) {
            float[] embedding = reader.toArray("model.embed_tokens.weight");
            double mean = average(embedding, 1);
            double spread = Math.sqrt(average(embedding, 2) - mean * mean);
            assertThat(embedding).hasSize(97 * 48);
            assertThat(mean).isCloseTo(0, Offset.offset(5 * deviation / Math.sqrt(embedding.length)));
            assertThat(spread).isCloseTo(deviation, Offset.offset(0.05 * deviation));
            double kurtosis = average(embedding, 4) / Math.pow(spread, 4);
            assertThat(kurtosis)
                    .as("3 for a normal distribution, 1.8 for a uniform one")
                    .isBetween(2.6, 3.4);
            for (Parameter parameter : TIED.parameters()) {
                if (parameter.name().endsWith("norm.weight")) {
                    assertThat(reader.toArray(parameter.name())).containsOnly(1);
                }
                assertThat(reader.toArray(StateNames.gradient(parameter.name())))
                        .containsOnly(0);
                assertThat(reader.toArray(StateNames.of(parameter.name(), "moment1")))
                        .containsOnly(0);
                assertThat(reader.toArray(StateNames.of(parameter.name(), "moment2")))
                        .containsOnly(0);
            }
        }
    }

    /** GPT-2: what adds to the residual stream begins narrower by the root of twice the layers. */
    @Test
    void residualLayersBeginNarrow() throws IOException {
        CausalLm gpt2 = GoldenModel.load("gpt2").model();
        double deviation = gpt2.initializerRange() / Math.sqrt(2.0 * gpt2.size().layers());
        try (CheckpointReader reader = CheckpointReader.open(write("gpt2", gpt2, 1))) {
            for (String name : List.of("attn.c_proj", "mlp.c_proj")) {
                float[] weight = reader.toArray("transformer.h.1." + name + ".weight");
                assertThat(Math.sqrt(average(weight, 2))).as(name).isCloseTo(deviation, Offset.offset(0.1 * deviation));
            }
            float[] in = reader.toArray("transformer.h.1.mlp.c_fc.weight");
            assertThat(Math.sqrt(average(in, 2)))
                    .isCloseTo(gpt2.initializerRange(), Offset.offset(0.1 * gpt2.initializerRange()));
        }
    }

    private static double average(float[] values, int power) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> Math.pow(values[i], power));
        return Arrays.stream(doubles).average().orElseThrow();
    }
}
