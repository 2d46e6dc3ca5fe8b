package org.dilort.runtime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import org.dilort.artifacts.StoredWeights;
import org.dilort.artifacts.TrainingArtifacts;

/**
 * What every session of this project is opened with.
 *
 * @param threads threads of one operator on the CPU
 */
public record SessionSettings(int threads, Processor processor) {
    private static final String WEIGHT_FOLDER = "session.model_external_initializers_file_folder_path";
    private static final String DISABLED = "optimization.disable_specified_optimizers";

    /** Would turn each weight that is cast into a float copy for good. */
    private static final String FOLDING = "ConstantFolding";

    public SessionSettings {
        if (threads < 1) {
            throw new IllegalArgumentException("threads " + threads + ", expected at least 1");
        }
    }

    /** On the CPU. */
    public SessionSettings(int threads) {
        this(threads, new Processor.Cpu());
    }

    /**
     * For training: no memory pattern, which doubles the peak and is of no use where lengths vary, and no elimination of
     * common subexpressions, which would undo every recomputation.
     */
    SessionOptions forTraining(TrainingArtifacts artifacts) throws OrtException {
        SessionOptions options = onProcessor();
        options.setMemoryPatternOptimization(false);
        String disabled = "CommonSubexpressionElimination";
        if (artifacts.hasConstants()) {
            options.addConfigEntry(WEIGHT_FOLDER, artifacts.constants().toString());
            disabled += ";" + FOLDING;
        }
        options.addConfigEntry(DISABLED, disabled);
        return options;
    }

    /** For a model in memory whose weights stay in files. */
    SessionOptions forInference(StoredWeights weights) throws OrtException {
        SessionOptions options = onProcessor();
        options.setMemoryPatternOptimization(false);
        options.addConfigEntry(WEIGHT_FOLDER, weights.folder().toString());
        if (weights.anyNarrow()) {
            options.addConfigEntry(DISABLED, FOLDING);
        }
        return options;
    }

    /** For a graph that needs no file. */
    SessionOptions forHead() throws OrtException {
        return common();
    }

    private SessionOptions onProcessor() throws OrtException {
        SessionOptions options = common();
        processor.addTo(options);
        return options;
    }

    /**
     * The natives come first: whatever of ONNX Runtime is touched before would load the library without training. It logs
     * nothing: its errors come as exceptions, which say the same.
     */
    private SessionOptions common() throws OrtException {
        OrtNatives.environment();
        SessionOptions options = new SessionOptions();
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        options.setOptimizationLevel(OptLevel.EXTENDED_OPT);
        options.setDeterministicCompute(true);
        options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
        return options;
    }
}
