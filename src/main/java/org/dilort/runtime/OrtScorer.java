package org.dilort.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import org.dilort.artifacts.GraphOptions;
import org.dilort.artifacts.ScoringGraph;
import org.dilort.artifacts.StoredWeights;
import org.dilort.artifacts.TrainingGraph;
import org.dilort.model.CausalLm;
import org.dilort.onnx.OnnxWriter;
import org.dilort.weights.NamedTensors;

/** An inference session over a scoring graph; the weights are mapped from the files they lie in, never copied. */
public final class OrtScorer implements LogProbModel {
    private final OrtEnvironment environment = OrtNatives.environment();
    private final OrtSession session;
    private final BatchLimits limits;

    private OrtScorer(OrtSession session, BatchLimits limits) {
        this.session = session;
        this.limits = limits;
    }

    /** @param weights a checkpoint or a Hugging Face folder; may be closed once the session is open */
    public static OrtScorer open(CausalLm model, NamedTensors weights, GraphOptions options, SessionSettings settings) {
        StoredWeights stored = new StoredWeights(weights);
        byte[] graph = OnnxWriter.toBytes(ScoringGraph.build(model, options, stored));
        try (OrtSession.SessionOptions sessionOptions = settings.forInference(stored)) {
            OrtSession session = OrtNatives.environment().createSession(graph, sessionOptions);
            return new OrtScorer(session, new BatchLimits(model.size().vocabulary(), options.tablePositions()));
        } catch (OrtException e) {
            throw new RuntimeFailure("cannot open the scoring session", e);
        }
    }

    @Override
    public float[] sequenceLogps(MicroBatch batch) {
        limits.check(batch);
        try (BatchTensors tensors = new BatchTensors(environment, batch);
                OrtSession.Result result = session.run(tensors.inOrder(session.getInputNames()))) {
            return Outputs.floats(result, TrainingGraph.POLICY_LOGPS);
        } catch (OrtException e) {
            throw new RuntimeFailure("scoring failed", e);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new RuntimeFailure("cannot close the scoring session", e);
        }
    }
}
