package org.dilort.eval;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dilort.artifacts.InitialWeights;
import org.dilort.data.ChatTemplate;
import org.dilort.data.ChatTemplates;
import org.dilort.data.PairDataset;
import org.dilort.data.PairLoader;
import org.dilort.data.PairTokenizer;
import org.dilort.data.Preset;
import org.dilort.data.RejectedUse;
import org.dilort.data.TokenLimits;
import org.dilort.data.Tokenizer;
import org.dilort.data.Truncation;
import org.dilort.error.FormatException;
import org.dilort.export.DecoderScorer;
import org.dilort.export.ExportFolder;
import org.dilort.export.ModelPlace;
import org.dilort.model.Architectures;
import org.dilort.model.CausalLm;
import org.dilort.model.ModelSize;
import org.dilort.runtime.SessionSettings;
import org.dilort.weights.SafetensorsFolder;

/** A folder that holds a model, of whichever kind, or one model file of an export; nothing stays open. */
public final class ModelFolder {
    private final Path path;
    private final Path named;
    private final CausalLm model;
    private final Kind kind;

    /** Where the weights are. */
    public enum Kind {
        /** {@code model.safetensors}, whole or in shards. */
        HUGGING_FACE,
        /** {@code onnx/model.onnx}. */
        EXPORT
    }

    private ModelFolder(Path path, Path named, CausalLm model, Kind kind) {
        this.path = path;
        this.named = named;
        this.model = model;
        this.kind = kind;
    }

    /**
     * Recognises the folder; where it has both kinds of weights, safetensors are used.
     *
     * @param named a folder, or one of the model files of an export
     */
    public static ModelFolder open(Path named) {
        Path path = ModelPlace.of(named).folder();
        if (!Files.isDirectory(path)) {
            throw new FormatException(path + ": no such folder, expected a Hugging Face folder or an export folder");
        }
        CausalLm model = Architectures.read(path);
        return new ModelFolder(path, named, model, path.equals(named) ? kind(path) : Kind.EXPORT);
    }

    private static Kind kind(Path path) {
        boolean safetensors = Files.exists(path.resolve("model.safetensors"))
                || Files.exists(path.resolve("model.safetensors.index.json"));
        return !safetensors && ExportFolder.isExport(path) ? Kind.EXPORT : Kind.HUGGING_FACE;
    }

    public Path path() {
        return path;
    }

    public Kind kind() {
        return kind;
    }

    public ModelSize size() {
        return model.size();
    }

    /**
     * Reads pairs with this model's tokenizer, uncut; ready-made ids need none.
     *
     * @throws org.dilort.error.DataException naming file and line, also for an id that the model lacks
     */
    public PairDataset readPairs(List<Path> files, RejectedUse rejected) {
        try (Tokenizer tokenizer = Tokenizer.open(path)) {
            return new PairLoader(pairTokenizer(tokenizer), rejected).load(files);
        }
    }

    /** What turns texts and conversations into this model's pairs, uncut. */
    public PairTokenizer pairTokenizer(Tokenizer tokenizer) {
        TokenLimits uncut = new TokenLimits(Integer.MAX_VALUE, TokenLimits.NO_LIMIT, Truncation.FAIL);
        ChatTemplate template = ChatTemplates.ofModel(path, ChatTemplates.DATA_CLOCK);
        return PairTokenizer.of(tokenizer, template, model.size().vocabulary(), uncut, Preset.DEFAULT);
    }

    /** A scorer over this folder's weights; the caller closes it. */
    public SequenceScorer scorer(SessionSettings settings) {
        return switch (kind) {
            case EXPORT -> new ServedScorer(DecoderScorer.open(named, settings));
            case HUGGING_FACE -> packed(settings);
        };
    }

    /** A scorer over this folder's serving graph, of either kind; the caller closes it. */
    public DecoderScorer decoderScorer(SessionSettings settings) {
        if (kind == Kind.EXPORT) {
            return DecoderScorer.open(named, settings);
        }
        try (SafetensorsFolder weights = SafetensorsFolder.open(path)) {
            InitialWeights.check(model, weights);
            InitialWeights.requireFinite(model, weights);
            return DecoderScorer.of(model, weights, settings);
        }
    }

    private SequenceScorer packed(SessionSettings settings) {
        SafetensorsFolder weights = SafetensorsFolder.open(path);
        try {
            InitialWeights.check(model, weights);
            InitialWeights.requireFinite(model, weights);
            return SequenceScorer.of(model, weights, settings);
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }
}
