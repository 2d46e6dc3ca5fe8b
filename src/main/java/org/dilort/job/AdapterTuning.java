package org.dilort.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.dilort.artifacts.InitialWeights;
import org.dilort.artifacts.StoredWeights;
import org.dilort.artifacts.TrainingArtifacts;
import org.dilort.artifacts.WeightInitializers;
import org.dilort.config.AdapterStart;
import org.dilort.config.Config;
import org.dilort.config.LoraConfig;
import org.dilort.export.AdapterFolder;
import org.dilort.files.Sha256;
import org.dilort.lora.AdaptedModel;
import org.dilort.lora.Adapters;
import org.dilort.lora.FrozenWeights;
import org.dilort.lora.LoraSettings;
import org.dilort.lora.LoraSettings.Kind;
import org.dilort.lora.LoraSettings.Scaling;
import org.dilort.lora.MergedWeights;
import org.dilort.lora.PeftAdapter;
import org.dilort.model.CausalLm;
import org.dilort.weights.BlockFormat;
import org.dilort.weights.JoinedTensors;
import org.dilort.weights.NamedTensors;
import org.dilort.weights.WeightSource;

/**
 * Adapters are trained, and whole modules; all other weights stay in the files they lie in, and are mapped from there by
 * training and scoring alike.
 */
final class AdapterTuning implements Tuning {
    private final StartingModel start;
    private final FrozenBase base;
    private final LoraConfig config;
    private final Adapters adapters;
    private final Beginning beginning;

    /** What adapters begin as. */
    private sealed interface Beginning {
        /** The model as it is. */
        record Fresh(long seed) implements Beginning {}

        record Given(PeftAdapter folder) implements Beginning {}
    }

    private AdapterTuning(
            StartingModel start, FrozenBase base, LoraConfig config, Adapters adapters, Beginning beginning) {
        this.start = start;
        this.base = base;
        this.config = config;
        this.adapters = adapters;
        this.beginning = beginning;
    }

    /** @param folder where a file of the frozen weights is made, if the configuration asks for one */
    static AdapterTuning of(Config config, StartingModel start, Path folder) {
        WeightSource weights = ((InitialWeights.Pretrained) start.weights()).source();
        InitialWeights.requireFinite(start.model(), weights);
        LoraConfig lora = config.model().lora();
        if (lora.adapter() instanceof AdapterStart.Folder given) {
            return given(start, folder, lora, PeftAdapter.open(given.path()));
        }
        Adapters adapters = fresh(lora, start.model());
        Beginning fresh = new Beginning.Fresh(config.train().seed());
        return new AdapterTuning(start, base(start, folder, lora, adapters), lora, adapters, fresh);
    }

    private static FrozenBase base(StartingModel start, Path folder, LoraConfig lora, Adapters adapters) {
        WeightSource weights = ((InitialWeights.Pretrained) start.weights()).source();
        return format(lora)
                .<FrozenBase>map(format ->
                        FrozenBase.InBlocks.at(folder, weights, start.hash(), format, start.model(), adapters))
                .orElseGet(() -> new FrozenBase.AsStored(weights));
    }

    private static Optional<BlockFormat> format(LoraConfig lora) {
        return switch (lora.quantize()) {
            case NONE -> Optional.empty();
            case INT8 -> Optional.of(BlockFormat.INT8);
            case INT4 -> Optional.of(BlockFormat.INT4);
        };
    }

    private static Adapters fresh(LoraConfig lora, CausalLm model) {
        LoraSettings settings = new LoraSettings(
                lora.rank(),
                lora.alpha(),
                lora.rslora() ? Scaling.BY_ROOT_OF_RANK : Scaling.BY_RANK,
                lora.dora() ? Kind.DORA : Kind.LORA);
        return Adapters.choose(model, settings, lora.targets(), lora.modulesToSave());
    }

    /**
     * The model that a run would train, of no use to a session.
     *
     * @param replacedBytes of weights whose place a file in few bits would take
     * @param madeBytes of that file
     */
    record Planned(AdaptedModel model, long replacedBytes, long madeBytes) {}

    /** Reads no weight. */
    static Planned plan(Config config, CausalLm model, NamedTensors weights) {
        LoraConfig lora = config.model().lora();
        Adapters adapters = plannedAdapters(lora, model);
        Optional<BlockFormat> format = format(lora);
        if (format.isEmpty()) {
            FrozenWeights frozen = WeightInitializers.frozen(new StoredWeights(weights));
            return new Planned(new AdaptedModel(model, adapters, frozen), 0, 0);
        }
        PlannedBlocks blocks = PlannedBlocks.of(weights, format.get(), model, adapters);
        AdaptedModel adapted = new AdaptedModel(model, adapters, blocks.frozen());
        return new Planned(adapted, blocks.replacedBytes(), blocks.bytes());
    }

    private static Adapters plannedAdapters(LoraConfig lora, CausalLm model) {
        if (!(lora.adapter() instanceof AdapterStart.Folder folder)) {
            return fresh(lora, model);
        }
        try (PeftAdapter given = PeftAdapter.open(folder.path())) {
            return given.adaptersOf(model);
        }
    }

    private static AdapterTuning given(StartingModel start, Path folder, LoraConfig lora, PeftAdapter given) {
        try {
            Adapters adapters = given.adaptersOf(start.model());
            FrozenBase base = base(start, folder, lora, adapters);
            return new AdapterTuning(start, base, lora, adapters, new Beginning.Given(given));
        } catch (RuntimeException e) {
            given.close();
            throw e;
        }
    }

    @Override
    public CausalLm model() {
        return over(base.stored());
    }

    /** The adapted model with constants from these files. */
    private AdaptedModel over(NamedTensors files) {
        return new AdaptedModel(start.model(), adapters, base.in(new StoredWeights(files)));
    }

    @Override
    public InitialWeights beginning() {
        return beginning instanceof Beginning.Given given
                ? new InitialWeights.Pretrained(given.folder())
                : new InitialWeights.NewAdapters(adapters, base.values(), ((Beginning.Fresh) beginning).seed());
    }

    @Override
    public TrainingArtifacts artifacts(Path folder) {
        return new TrainingArtifacts(folder, new StoredWeights(base.stored()).folder());
    }

    @Override
    public Stored at(NamedTensors checkpoint) {
        NamedTensors all = new JoinedTensors(checkpoint, base.stored());
        return new Stored(over(all), all);
    }

    /** Fresh adapters change nothing: their model is the base. */
    @Override
    public Optional<Stored> initial() {
        return Optional.of(
                beginning instanceof Beginning.Given given
                        ? at(given.folder())
                        : new Stored(base.alone(start.model()), base.stored()));
    }

    @Override
    public String hash() {
        String adapter = beginning instanceof Beginning.Given given ? " " + hash(given.folder()) : "";
        String changes = base.difference() + adapter;
        return changes.isEmpty() ? start.hash() : Sha256.of((start.hash() + changes).getBytes(StandardCharsets.UTF_8));
    }

    private static String hash(PeftAdapter folder) {
        try {
            return Sha256.of(folder.location().resolve(PeftAdapter.CONFIG)) + " " + Sha256.of(folder.weightsFile());
        } catch (IOException e) {
            throw new UncheckedIOException(folder.location() + ": cannot be read", e);
        }
    }

    @Override
    public NamedTensors whole(NamedTensors checkpoint) {
        return new MergedWeights(base.values(), checkpoint, adapters);
    }

    @Override
    public boolean deliversWhole() {
        return config.merge();
    }

    @Override
    public Optional<Path> deliverAdapter(NamedTensors checkpoint, Path folder) {
        AdapterFolder.write(over(base.stored()), start.folder(), checkpoint, folder);
        return Optional.of(folder);
    }

    @Override
    public SortedMap<String, String> identity() {
        SortedMap<String, String> values = new TreeMap<>();
        values.put("model.lora.adapter", beginning instanceof Beginning.Given given ? hash(given.folder()) : "new");
        values.put("model.lora.rank", Integer.toString(config.rank()));
        values.put("model.lora.alpha", Double.toString(config.alpha()));
        values.put("model.lora.targets", config.targets().toString());
        values.put("model.lora.rslora", Boolean.toString(config.rslora()));
        values.put("model.lora.dora", Boolean.toString(config.dora()));
        values.put("model.lora.quantize", config.quantize().key());
        values.put("model.lora.modules_to_save", config.modulesToSave().toString());
        return values;
    }

    @Override
    public void close() {
        if (beginning instanceof Beginning.Given given) {
            given.folder().close();
        }
        base.close();
    }
}
