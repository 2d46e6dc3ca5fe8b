package org.dilort.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtTrainingSession;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Objective;
import org.dilort.runtime.OrtNatives;
import org.dilort.testing.Array;
import org.dilort.testing.GoldenModel;
import org.dilort.weights.SafetensorsFolder;
import org.dilort.weights.WeightSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The standard layout, driven by ONNX Runtime's own API and optimizer, follows PyTorch too. */
class StockArtifactsTest {
    private static final GoldenModel GOLDEN = GoldenModel.load("llama_gqa_tied");

    @TempDir
    private Path folder;

    @Test
    void fiveDpoStepsWithTheBuiltInOptimizerFollowPyTorch() throws OrtException {
        AdamW adamW = new AdamW(0.9, 0.999, 1e-8, 0.01, 1.0);
        GraphOptions options = GraphOptions.forBatches(256, 64, GOLDEN.model().size());
        TrainingArtifacts artifacts = new TrainingArtifacts(folder);
        try (WeightSource weights = SafetensorsFolder.open(GOLDEN.folder())) {
            artifacts.writeStock(
                    new TrainingArtifacts.Recipe(
                            GOLDEN.model(), Objective.of(HeadSpec.of("dpo")), options, adamW, name -> true),
                    new InitialWeights.Pretrained(weights));
        }
        try (OrtTrainingSession session = OrtNatives.environment()
                .createTrainingSession(
                        artifacts.checkpoint().toString(),
                        artifacts.trainingModel().toString(),
                        artifacts.updateModel().toString(),
                        artifacts.optimizerModel().toString())) {
            session.setLearningRate(1e-3f);
            for (int step = 0; step < 5; step++) {
                double expected = GOLDEN.golden()
                        .at("/training/dpo/steps/" + step + "/loss")
                        .asDouble();
                Offset<Double> tolerance = Offset.offset(1e-4 * Math.abs(expected));
                Map<String, OnnxTensor> feeds = feeds(session);
                try (OrtSession.Result evaluated = session.evalStep(feeds, session.getEvalOutputNames());
                        OrtSession.Result trained = session.trainStep(feeds, session.getTrainOutputNames())) {
                    assertThat(loss(evaluated)).isCloseTo(expected, tolerance);
                    assertThat(loss(trained)).isCloseTo(expected, tolerance);
                } finally {
                    feeds.values().forEach(OnnxTensor::close);
                }
                session.optimizerStep();
                session.lazyResetGrad();
            }
        }
    }

    private static double loss(OrtSession.Result result) {
        return ((OnnxTensor) result.get(TrainingGraph.LOSS).orElseThrow())
                .getFloatBuffer()
                .get(0);
    }

    private static Map<String, OnnxTensor> feeds(OrtTrainingSession session) throws OrtException {
        OrtEnvironment environment = OrtNatives.environment();
        Map<String, Array> batch = GOLDEN.plainBatch();
        Map<String, OnnxTensor> feeds = new LinkedHashMap<>();
        for (String name : session.getTrainInputNames()) {
            Array array = batch.get(name);
            boolean isFloat =
                    name.equals("reference_logps") || name.equals("pair_weights") || name.equals("step_counts");
            feeds.put(
                    name,
                    isFloat
                            ? OnnxTensor.createTensor(environment, floats(array), array.shape())
                            : OnnxTensor.createTensor(environment, longs(array), array.shape()));
        }
        return feeds;
    }

    private static FloatBuffer floats(Array array) {
        FloatBuffer buffer = FloatBuffer.allocate(array.values().length);
        for (double value : array.values()) {
            buffer.put((float) value);
        }
        return buffer.flip();
    }

    private static LongBuffer longs(Array array) {
        LongBuffer buffer = LongBuffer.allocate(array.values().length);
        for (double value : array.values()) {
            buffer.put((long) value);
        }
        return buffer.flip();
    }
}
