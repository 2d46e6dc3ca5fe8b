package org.dilort.export;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.dilort.artifacts.DecoderGraph;
import org.dilort.artifacts.StoredWeights;
import org.dilort.error.FormatException;
import org.dilort.model.Architectures;
import org.dilort.model.BatchInputs;
import org.dilort.model.CausalLm;
import org.dilort.model.ModelSize;
import org.dilort.model.Parameter;
import org.dilort.onnx.OnnxWriter;
import org.dilort.runtime.OrtNatives;
import org.dilort.runtime.SessionSettings;
import org.dilort.weights.NamedTensors;

/** An inference session over a decoder graph, its inputs and outputs checked by name. */
final class DecoderSession implements AutoCloseable {
    private static final List<String> PARTS = List.of("key", "value");

    /** 64 MiB. */
    private static final int LOGITS_PER_CALL = 1 << 24;

    private final OrtSession session;
    private final ModelSize size;
    private final int logitsPerCall;

    private DecoderSession(OrtSession session, ModelSize size, int logitsPerCall) {
        this.session = session;
        this.size = size;
        this.logitsPerCall = logitsPerCall;
    }

    /** The same session with another bound of the logits that one call makes; it is closed once, by either. */
    DecoderSession withLogitsPerCall(int bound) {
        return new DecoderSession(session, size, bound);
    }

    /** Over the model file of an export folder. */
    static DecoderSession ofExport(Path folder, SessionSettings settings) {
        return of(new ModelPlace(folder, ExportFolder.MODEL), settings);
    }

    static DecoderSession of(ModelPlace place, SessionSettings settings) {
        ModelSize size = Architectures.read(place.folder()).size();
        Path file = place.folder().resolve(place.file());
        try (SessionOptions options = options(settings)) {
            OrtSession session = OrtNatives.environment().createSession(file.toString(), options);
            return checked(session, size, file.toString());
        } catch (OrtException e) {
            throw new FormatException(file + ": ONNX Runtime cannot load it: " + firstLine(e), e);
        }
    }

    /** Over a graph in memory whose weights stay in the files they lie in; the source may be closed afterwards. */
    static DecoderSession ofWeights(CausalLm model, NamedTensors weights, SessionSettings settings) {
        for (Parameter parameter : model.parameters()) {
            weights.require(parameter.name(), parameter.shape().toArray());
        }
        StoredWeights stored = new StoredWeights(weights);
        byte[] graph = OnnxWriter.toBytes(ExportFolder.servingGraph(model, stored));
        try (SessionOptions options = options(settings)) {
            options.addConfigEntry(
                    "session.model_external_initializers_file_folder_path",
                    stored.folder().toString());
            OrtSession session = OrtNatives.environment().createSession(graph, options);
            return checked(session, model.size(), weights.location().toString());
        } catch (OrtException e) {
            throw new ExportFailure("cannot open the decoder of " + weights.location(), e);
        }
    }

    private static SessionOptions options(SessionSettings settings) throws OrtException {
        OrtNatives.environment();
        SessionOptions options = new SessionOptions();
        options.setIntraOpNumThreads(settings.threads());
        options.setInterOpNumThreads(1);
        options.setOptimizationLevel(SessionOptions.OptLevel.EXTENDED_OPT);
        options.setMemoryPatternOptimization(false);
        options.setDeterministicCompute(true);
        return options;
    }

    private static DecoderSession checked(OrtSession session, ModelSize size, String source) throws OrtException {
        Set<String> inputs =
                new HashSet<>(List.of(BatchInputs.INPUT_IDS, DecoderGraph.ATTENTION_MASK, BatchInputs.POSITION_IDS));
        Set<String> outputs = new HashSet<>(Set.of(DecoderGraph.LOGITS));
        for (int layer = 0; layer < size.layers(); layer++) {
            for (String part : PARTS) {
                inputs.add(DecoderGraph.pastName(layer, part));
                outputs.add(DecoderGraph.presentName(layer, part));
            }
        }
        if (session.getInputNames().equals(inputs) && session.getOutputNames().equals(outputs)) {
            return new DecoderSession(session, size, LOGITS_PER_CALL);
        }
        String message = "%s: inputs %s and outputs %s, expected %s and %s"
                .formatted(
                        source,
                        new TreeSet<>(session.getInputNames()),
                        new TreeSet<>(session.getOutputNames()),
                        new TreeSet<>(inputs),
                        new TreeSet<>(outputs));
        session.close();
        throw new FormatException(message);
    }

    private static String firstLine(OrtException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    OrtSession session() {
        return session;
    }

    OrtEnvironment environment() {
        return OrtNatives.environment();
    }

    /** The most columns that one call with so many rows may have: the logits of a long prompt are big. */
    int maxColumns(int rows) {
        long perColumn = (long) rows * size.vocabulary();
        return (int) Math.max(1, logitsPerCall / perColumn);
    }

    ModelSize size() {
        return size;
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new ExportFailure("cannot close the decoder session", e);
        }
    }
}
