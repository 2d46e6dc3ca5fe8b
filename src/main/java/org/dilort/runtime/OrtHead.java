package org.dilort.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dilort.artifacts.StepHeadGraph;
import org.dilort.heads.HeadGraph;
import org.dilort.heads.HeadSpec;
import org.dilort.onnx.OnnxWriter;

/** A loss head in a session of its own: what evaluation uses, so that its numbers mean what those of training mean. */
public final class OrtHead implements AutoCloseable {
    private final OrtEnvironment environment = OrtNatives.environment();
    private final OrtSession session;

    /**
     * Losses {@code [pairs]} of all pairs together, rewards and d mean loss / d policy log-probability {@code [pairs *
     * 2]}.
     */
    public record Scores(float[] losses, float[] rewards, float[] gradient) {}

    public OrtHead(HeadSpec spec) {
        try (OrtSession.SessionOptions options = new SessionSettings(1).forHead()) {
            session = environment.createSession(OnnxWriter.toBytes(StepHeadGraph.build(spec)), options);
        } catch (OrtException e) {
            throw new RuntimeFailure("cannot open head " + spec.head().name(), e);
        }
    }

    /**
     * @param policyLogps {@code [pairs * 2]} log-probability sums
     * @param referenceLogps {@code [pairs * 2]}
     * @param lengths {@code [pairs * 2]} scored tokens; the chosen ones are also the step's count
     */
    public Scores score(float[] policyLogps, float[] referenceLogps, float[] lengths) {
        int pairs = policyLogps.length / 2;
        float chosenTokens = 0;
        for (int pair = 0; pair < pairs; pair++) {
            chosenTokens += lengths[2 * pair];
        }
        Map<String, float[]> inputs = new LinkedHashMap<>();
        inputs.put("policy_logps", policyLogps);
        inputs.put("reference_logps", referenceLogps);
        inputs.put("lengths", lengths);
        inputs.put("step_counts", new float[] {pairs, chosenTokens});
        Map<String, OnnxTensor> feeds = new LinkedHashMap<>();
        try {
            for (String name : session.getInputNames()) {
                float[] values = inputs.get(name);
                long[] shape = name.equals("step_counts") ? new long[] {2} : new long[] {pairs, 2};
                feeds.put(name, OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape));
            }
            try (OrtSession.Result result = session.run(feeds)) {
                return new Scores(
                        Outputs.floats(result, HeadGraph.LOSSES),
                        Outputs.floats(result, HeadGraph.REWARDS),
                        Outputs.floats(result, StepHeadGraph.GRADIENT));
            }
        } catch (OrtException e) {
            throw new RuntimeFailure("the head failed", e);
        } finally {
            feeds.values().forEach(OnnxTensor::close);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new RuntimeFailure("cannot close the head", e);
        }
    }
}
