package org.dilort.job;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.dilort.config.Config;
import org.dilort.config.ModelInit;
import org.dilort.error.ConfigException;
import org.dilort.importer.ImportedModel;
import org.dilort.model.Architectures;
import org.dilort.model.CausalLm;
import org.dilort.model.ConfigJson;
import org.dilort.model.RunLength;

/**
 * What {@code model.path} names: a Hugging Face folder, or an ONNX file.
 *
 * @param path the folder or the file
 * @param folder of tokenizer and configuration
 */
record PolicyFiles(Path path, Path folder, Kind kind) {
    private static final String TOKENIZER = "tokenizer.json";

    enum Kind {
        HUGGING_FACE,
        ONNX
    }

    static PolicyFiles of(Config config) {
        Path path = config.model().path();
        boolean file = path.toString().toLowerCase(Locale.ROOT).endsWith(".onnx") || Files.isRegularFile(path);
        if (!file) {
            return new PolicyFiles(path, path, Kind.HUGGING_FACE);
        }
        if (config.model().init() == ModelInit.RANDOM) {
            throw new ConfigException(
                    "model.init: got random with " + path + ", expected pretrained: an ONNX file has weights");
        }
        if (config.eval().generate().enabled()) {
            throw new ConfigException("eval.generate: got an answer pattern with " + path
                    + ", expected none: answers are written with models of a known family alone");
        }
        return new PolicyFiles(path, folder(path.toAbsolutePath()), Kind.ONNX);
    }

    /** Exporters put the file beside the tokenizer, or into a folder of its own below it. */
    private static Path folder(Path file) {
        Path near = file.getParent();
        Path above = near.getParent();
        boolean below =
                above != null && !Files.exists(near.resolve(TOKENIZER)) && Files.exists(above.resolve(TOKENIZER));
        return below ? above : near;
    }

    CausalLm model(RunLength length) {
        return switch (kind) {
            case HUGGING_FACE -> Architectures.of(ConfigJson.read(path), length);
            case ONNX -> ImportedModel.read(path);
        };
    }
}
