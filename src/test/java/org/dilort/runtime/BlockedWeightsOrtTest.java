package org.dilort.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.dilort.artifacts.StoredWeights;
import org.dilort.artifacts.WeightInitializers;
import org.dilort.lora.FrozenWeights;
import org.dilort.model.Parameter;
import org.dilort.onnx.DType;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.OnnxWriter;
import org.dilort.onnx.Ops;
import org.dilort.weights.BlockFormat;
import org.dilort.weights.BlockedWeights;
import org.dilort.weights.FloatSource;
import org.dilort.weights.SafetensorsFile;
import org.dilort.weights.SafetensorsWriter;
import org.dilort.weights.WeightType;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What ONNX Runtime makes of a file of codes and scales. */
class BlockedWeightsOrtTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "INT8, 3, 64",
        "INT4, 3, 64",
        "INT8, 5, 151",
        "INT4, 5, 151",
        "INT4, 7, 1",
        "INT8, 1, 65",
        "INT4, 4, 512"
    })
    void computesWithTheNumbersThatTheFileReadsAs(BlockFormat format, int rows, int columns) throws OrtException {
        long seed = 5;
        Random random = new Random(seed);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        Path path = folder.resolve("model.safetensors");
        new SafetensorsWriter(Map.of())
                .add("w", WeightType.F32, List.of((long) rows, (long) columns), FloatSource.of(values))
                .write(path);
        Set<String> names = Set.of("w");
        try (SafetensorsFile base = SafetensorsFile.open(path);
                BlockedWeights blocked = BlockedWeights.at(folder.resolve("blocks"), base, names, format, "hash")) {
            StoredWeights stored = new StoredWeights(blocked.stored());
            FrozenWeights frozen = WeightInitializers.frozen(stored, names);
            assertThat(run(frozen, Parameter.matrix("w", rows, columns), stored))
                    .as("seed %d", seed)
                    .isEqualTo(blocked.toArray("w"));
        }
    }

    private static float[] run(FrozenWeights frozen, Parameter parameter, StoredWeights stored) throws OrtException {
        GraphBuilder graph = new GraphBuilder("blocks");
        Ops ops = new Ops(graph);
        graph.output("y", frozen.declare(graph, parameter).use(ops, DType.FLOAT));
        byte[] bytes = OnnxWriter.toBytes(graph.build());
        try (OrtSession.SessionOptions options = new SessionSettings(1).forInference(stored);
                OrtSession session = OrtNatives.environment().createSession(bytes, options);
                OrtSession.Result result = session.run(Map.of())) {
            FloatBuffer buffer = ((OnnxTensor) result.get(0)).getFloatBuffer();
            float[] floats = new float[buffer.remaining()];
            buffer.get(floats);
            return floats;
        }
    }
}
