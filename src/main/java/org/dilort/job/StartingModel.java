package org.dilort.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.dilort.artifacts.InitialWeights;
import org.dilort.config.Config;
import org.dilort.config.ModelInit;
import org.dilort.files.Sha256;
import org.dilort.importer.ImportedModel;
import org.dilort.model.Architectures;
import org.dilort.model.CausalLm;
import org.dilort.model.ConfigJson;
import org.dilort.model.RotaryConfig;
import org.dilort.model.RunLength;
import org.dilort.weights.SafetensorsFolder;
import org.dilort.weights.TensorInfo;
import org.dilort.weights.WeightType;

/**
 * The policy before its first step: its architecture and where its weights come from.
 *
 * @param length of the sequences that the architecture is for
 * @param hash SHA-256 that tells this model from any other
 */
record StartingModel(Path folder, CausalLm model, RunLength length, InitialWeights weights, String hash)
        implements AutoCloseable {

    static StartingModel open(Config config) {
        PolicyFiles files = PolicyFiles.of(config);
        RunLength length = new RunLength(config.data().maxLength());
        if (files.kind() == PolicyFiles.Kind.ONNX) {
            return imported(files, ImportedModel.read(files.path()), length);
        }
        ConfigJson json = ConfigJson.read(files.path());
        if (config.model().init() == ModelInit.RANDOM) {
            long seed = config.train().seed();
            String hash = hash("random " + seed + " " + settings(json, length));
            CausalLm model = Architectures.of(json, length);
            return new StartingModel(files.folder(), model, length, new InitialWeights.Random(seed), hash);
        }
        return pretrained(files.folder(), json, length);
    }

    private static StartingModel imported(PolicyFiles files, ImportedModel model, RunLength length) {
        String hashes = model.files().stream().map(StartingModel::hash).collect(Collectors.joining(" "));
        InitialWeights weights = new InitialWeights.Pretrained(model.openWeights());
        return new StartingModel(files.folder(), model, length, weights, hash("onnx " + hashes));
    }

    /** A model folder with weights, such as a reference. */
    static StartingModel open(Path folder, RunLength length) {
        return pretrained(folder, ConfigJson.read(folder), length);
    }

    private static StartingModel pretrained(Path folder, ConfigJson json, RunLength length) {
        CausalLm model = Architectures.of(json, length);
        SafetensorsFolder source = SafetensorsFolder.open(folder);
        try {
            InitialWeights.check(model, source);
            String hash = hash(settings(json, length) + " " + files(source));
            return new StartingModel(folder, model, length, new InitialWeights.Pretrained(source), hash);
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
    }

    /** Of what is unusual in the weights, though it can be used. */
    Optional<String> note() {
        if (!(weights instanceof InitialWeights.Pretrained pretrained)) {
            return Optional.empty();
        }
        Map<WeightType, Long> types = model.parameters().stream()
                .map(parameter -> pretrained.source().info(parameter.name()).type())
                .collect(Collectors.groupingBy(type -> type, TreeMap::new, Collectors.counting()));
        if (types.size() == 1) {
            return Optional.empty();
        }
        String counts = types.entrySet().stream()
                .map(type -> type.getValue() + " of type " + type.getKey())
                .collect(Collectors.joining(", "));
        return Optional.of(
                "note: " + folder + " has weights of several types: " + counts + "; each is written back in its own");
    }

    /** What makes the graphs: factors that a length decides are told apart by it. */
    private static String settings(ConfigJson json, RunLength length) {
        return RotaryConfig.dependsOnLength(json)
                ? json.root() + " for " + length.tokens()
                : json.root().toString();
    }

    private static SortedMap<String, String> files(SafetensorsFolder source) {
        SortedMap<String, String> files = new TreeMap<>();
        for (TensorInfo tensor : source.tensors().values()) {
            files.computeIfAbsent(tensor.file().getFileName().toString(), name -> hash(tensor.file()));
        }
        return files;
    }

    private static String hash(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String hash(Path file) {
        try {
            return Sha256.of(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read", e);
        }
    }

    @Override
    public void close() {
        if (weights instanceof InitialWeights.Pretrained pretrained) {
            pretrained.source().close();
        }
    }
}
