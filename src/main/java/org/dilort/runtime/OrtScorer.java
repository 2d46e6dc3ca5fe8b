package org.dilort.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.Map;
import java.util.Set;
import org.dilort.artifacts.GraphOptions;
import org.dilort.artifacts.ScoringGraph;
import org.dilort.artifacts.StoredWeights;
import org.dilort.heads.OptionalInput;
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

    /** As {@link #open(CausalLm, NamedTensors, GraphOptions, Set, SessionSettings)}, for log-probability sums alone. */
    public static OrtScorer open(CausalLm model, NamedTensors weights, GraphOptions options, SessionSettings settings) {
        return open(model, weights, options, Set.of(), settings);
    }

    /**
     * @param weights a checkpoint or a Hugging Face folder; may be closed once the session is open
     * @param wanted what heads ask for beside the sums
     */
    public static OrtScorer open(
            CausalLm model,
            NamedTensors weights,
            GraphOptions options,
            Set<OptionalInput> wanted,
            SessionSettings settings) {
        StoredWeights stored = new StoredWeights(weights);
        byte[] graph = OnnxWriter.toBytes(ScoringGraph.build(model, options, wanted, stored));
        try (OrtSession.SessionOptions sessionOptions = settings.forInference(stored)) {
            OrtSession session = OrtNatives.environment().createSession(graph, sessionOptions);
            return new OrtScorer(session, new BatchLimits(model.size().vocabulary(), options.tablePositions()));
        } catch (OrtException e) {
            throw new RuntimeFailure("cannot open the scoring session", e);
        }
    }

    @Override
    public Map<String, float[]> scores(MicroBatch batch) {
        limits.check(batch);
        try (BatchTensors tensors = BatchTensors.of(environment, batch, session.getInputNames());
                OrtSession.Result result = session.run(tensors.byName())) {
            return Outputs.floats(result, session.getOutputNames());
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
