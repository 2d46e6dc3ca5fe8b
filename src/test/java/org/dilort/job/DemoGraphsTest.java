package org.dilort.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dilort.artifacts.TrainingArtifacts;
import org.dilort.config.Config;
import org.dilort.config.ConfigLoader;
import org.dilort.model.Architectures;
import org.dilort.model.CausalLm;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The committed training graphs of the demo are what its configuration gives, byte for byte. */
class DemoGraphsTest {
    private static final Path COMMITTED = Path.of("onnx-graphs/demo");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"training_model.onnx", "eval_model.onnx", "manifest.json"})
    void committedGraphIsTheConfigurations(String file) throws IOException {
        Config config = ConfigLoader.load(Path.of("configs/demo.yaml"), List.of());
        CausalLm model = Architectures.read(config.model().path());
        TrainingArtifacts.Recipe recipe =
                RunSettings.of(config, model, ChosenDevice.assumed(config)).recipe(model);
        new TrainingArtifacts(folder).writeGraphs(recipe);
        assertThat(Files.readAllBytes(folder.resolve(file)))
                .as("%s; to write it anew: ./dil-ort artifacts --config configs/demo.yaml --out DIR, and copy", file)
                .isEqualTo(Files.readAllBytes(COMMITTED.resolve(file)));
    }
}
