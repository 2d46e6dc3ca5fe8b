package org.dilort.runtime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.nio.file.Path;

/**
 * What every session of this project is opened with.
 *
 * @param threads threads of one operator
 */
public record SessionSettings(int threads) {
    public SessionSettings {
        if (threads < 1) {
            throw new IllegalArgumentException("threads " + threads + ", expected at least 1");
        }
    }

    /**
     * For training: no memory pattern, which doubles the peak and is of no use where lengths vary, and no elimination of
     * common subexpressions, which would undo every recomputation.
     */
    SessionOptions forTraining() throws OrtException {
        SessionOptions options = common();
        options.setMemoryPatternOptimization(false);
        options.addConfigEntry("optimization.disable_specified_optimizers", "CommonSubexpressionElimination");
        return options;
    }

    /** For a model in memory whose weights lie in files of {@code weightFolder}. */
    SessionOptions forInference(Path weightFolder) throws OrtException {
        SessionOptions options = common();
        options.setMemoryPatternOptimization(false);
        options.addConfigEntry("session.model_external_initializers_file_folder_path", weightFolder.toString());
        return options;
    }

    /** For a graph that needs no file. */
    SessionOptions forHead() throws OrtException {
        return common();
    }

    /** The natives come first: whatever of ONNX Runtime is touched before would load the library without training. */
    private SessionOptions common() throws OrtException {
        OrtNatives.environment();
        SessionOptions options = new SessionOptions();
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        options.setOptimizationLevel(OptLevel.EXTENDED_OPT);
        options.setDeterministicCompute(true);
        return options;
    }
}
