package org.dilort.export;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.dilort.data.TokenizedPair;
import org.dilort.runtime.OrtNatives;
import org.dilort.runtime.SessionSettings;

/** Log-probabilities by an inference session on an ONNX decoder of any exporter: sequence after sequence, no cache. */
public final class OnnxScorer implements AutoCloseable {
    private final Path file;
    private final OrtSession session;

    private OnnxScorer(Path file, OrtSession session) {
        this.file = file;
        this.session = session;
    }

    public static OnnxScorer open(Path file, SessionSettings settings) {
        OrtEnvironment environment = OrtNatives.environment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(settings.threads());
            return new OnnxScorer(file, environment.createSession(file.toString(), options));
        } catch (OrtException e) {
            throw new ExportFailure(file + ": ONNX Runtime cannot load it", e);
        }
    }

    /** @return {@code [pairs * 2]}, chosen then rejected of each pair, 0 where there is no rejected response */
    public double[] sequenceLogps(List<TokenizedPair> pairs) {
        double[] logps = new double[2 * pairs.size()];
        for (SequenceRows.Row row : SequenceRows.of(pairs)) {
            logps[row.number()] = logp(row);
        }
        return logps;
    }

    private double logp(SequenceRows.Row row) {
        int length = row.tokens().length - 1; // the last token predicts nothing
        Map<String, OnnxTensor> feeds = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, NodeInfo> input : session.getInputInfo().entrySet()) {
                feeds.put(
                        input.getKey(),
                        feed(input.getKey(), (TensorInfo) input.getValue().getInfo(), row, length));
            }
            try (OrtSession.Result result = session.run(feeds)) {
                OnnxTensor logits = (OnnxTensor) result.get("logits").orElseThrow();
                FloatBuffer all = logits.getFloatBuffer();
                int vocabulary = Math.toIntExact(logits.getInfo().getShape()[2]);
                double sum = 0;
                for (int i = row.scoredFrom() - 1; i < length; i++) {
                    sum += DecoderScorer.logp(all.slice(i * vocabulary, vocabulary), row.tokens()[i + 1]);
                }
                return sum;
            }
        } catch (OrtException e) {
            throw new ExportFailure(file + ": ONNX Runtime cannot run it", e);
        } finally {
            feeds.values().forEach(OnnxTensor::close);
        }
    }

    private static OnnxTensor feed(String name, TensorInfo info, SequenceRows.Row row, int length) throws OrtException {
        return switch (name) {
            case "input_ids" ->
                integers(
                        info,
                        Arrays.stream(row.tokens()).limit(length).asLongStream().toArray());
            case "attention_mask" ->
                integers(info, LongStream.generate(() -> 1).limit(length).toArray());
            case "position_ids" -> integers(info, LongStream.range(0, length).toArray());
            default -> nothing(info);
        };
    }

    private static OnnxTensor integers(TensorInfo info, long[] values) throws OrtException {
        long[] shape = {1, values.length};
        if (info.type == OnnxJavaType.INT32) {
            int[] narrow = Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
            return OnnxTensor.createTensor(OrtNatives.environment(), IntBuffer.wrap(narrow), shape);
        }
        return OnnxTensor.createTensor(OrtNatives.environment(), LongBuffer.wrap(values), shape);
    }

    /** Keys or values of no earlier tokens. */
    private static OnnxTensor nothing(TensorInfo info) throws OrtException {
        long[] declared = info.getShape();
        long[] shape = {1, declared[1], 0, declared[3]};
        return OnnxTensor.createTensor(OrtNatives.environment(), FloatBuffer.allocate(0), shape);
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new ExportFailure(file + ": session cannot be closed", e);
        }
    }
}
