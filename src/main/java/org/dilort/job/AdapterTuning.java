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
import org.dilort.lora.LoraSettings;
import org.dilort.lora.LoraSettings.Kind;
import org.dilort.lora.LoraSettings.Scaling;
import org.dilort.lora.MergedWeights;
import org.dilort.lora.PeftAdapter;
import org.dilort.model.CausalLm;
import org.dilort.weights.JoinedTensors;
import org.dilort.weights.NamedTensors;
import org.dilort.weights.WeightSource;

/**
 * Adapters are trained, and whole modules; all other weights stay in the files they lie in, and are mapped from there by
 * training and scoring alike.
 */
final class AdapterTuning implements Tuning {
    private final StartingModel start;
    private final WeightSource base;
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
            StartingModel start, WeightSource base, LoraConfig config, Adapters adapters, Beginning beginning) {
        this.start = start;
        this.base = base;
        this.config = config;
        this.adapters = adapters;
        this.beginning = beginning;
    }

    static AdapterTuning of(Config config, StartingModel start) {
        WeightSource base = ((InitialWeights.Pretrained) start.weights()).source();
        InitialWeights.requireFinite(start.model(), base);
        LoraConfig lora = config.model().lora();
        if (lora.adapter() instanceof AdapterStart.Folder folder) {
            return given(start, base, lora, PeftAdapter.open(folder.path()));
        }
        Adapters adapters = fresh(lora, start.model());
        Beginning fresh = new Beginning.Fresh(config.train().seed());
        return new AdapterTuning(start, base, lora, adapters, fresh);
    }

    private static Adapters fresh(LoraConfig lora, CausalLm model) {
        LoraSettings settings = new LoraSettings(
                lora.rank(),
                lora.alpha(),
                lora.rslora() ? Scaling.BY_ROOT_OF_RANK : Scaling.BY_RANK,
                lora.dora() ? Kind.DORA : Kind.LORA);
        return Adapters.choose(model, settings, lora.targets(), lora.modulesToSave());
    }

    /** The model that a run with this configuration trains; no weight is read. */
    static AdaptedModel adapted(Config config, CausalLm model, WeightSource base) {
        LoraConfig lora = config.model().lora();
        if (!(lora.adapter() instanceof AdapterStart.Folder folder)) {
            return adapted(model, fresh(lora, model), base);
        }
        try (PeftAdapter given = PeftAdapter.open(folder.path())) {
            return adapted(model, given.adaptersOf(model), base);
        }
    }

    private static AdaptedModel adapted(CausalLm model, Adapters adapters, NamedTensors files) {
        return new AdaptedModel(model, adapters, WeightInitializers.frozen(new StoredWeights(files)));
    }

    private static AdapterTuning given(StartingModel start, WeightSource base, LoraConfig lora, PeftAdapter folder) {
        try {
            return new AdapterTuning(start, base, lora, folder.adaptersOf(start.model()), new Beginning.Given(folder));
        } catch (RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    @Override
    public CausalLm model() {
        return over(base);
    }

    /** The adapted model with constants from these files. */
    private AdaptedModel over(NamedTensors files) {
        return adapted(start.model(), adapters, files);
    }

    @Override
    public InitialWeights beginning() {
        return beginning instanceof Beginning.Given given
                ? new InitialWeights.Pretrained(given.folder())
                : new InitialWeights.NewAdapters(adapters, base, ((Beginning.Fresh) beginning).seed());
    }

    @Override
    public TrainingArtifacts artifacts(Path folder) {
        return new TrainingArtifacts(folder, new StoredWeights(base).folder());
    }

    @Override
    public Stored at(NamedTensors checkpoint) {
        NamedTensors all = new JoinedTensors(checkpoint, base);
        return new Stored(over(all), all);
    }

    /** Fresh adapters change nothing: their model is the base. */
    @Override
    public Optional<Stored> initial() {
        return Optional.of(
                beginning instanceof Beginning.Given given ? at(given.folder()) : new Stored(start.model(), base));
    }

    @Override
    public String hash() {
        if (!(beginning instanceof Beginning.Given given)) {
            return start.hash();
        }
        return Sha256.of((start.hash() + " " + hash(given.folder())).getBytes(StandardCharsets.UTF_8));
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
        return new MergedWeights(base, checkpoint, adapters);
    }

    @Override
    public boolean deliversWhole() {
        return config.merge();
    }

    @Override
    public Optional<Path> deliverAdapter(NamedTensors checkpoint, Path folder) {
        AdapterFolder.write(over(base), start.folder(), checkpoint, folder);
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
        values.put("model.lora.modules_to_save", config.modulesToSave().toString());
        return values;
    }

    @Override
    public void close() {
        if (beginning instanceof Beginning.Given given) {
            given.folder().close();
        }
    }
}
