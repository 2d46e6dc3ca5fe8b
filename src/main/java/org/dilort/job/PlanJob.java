package org.dilort.job;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.dilort.artifacts.InitialWeights;
import org.dilort.artifacts.TrainingArtifacts;
import org.dilort.config.Config;
import org.dilort.config.Device;
import org.dilort.config.ModelInit;
import org.dilort.config.TrainConfig;
import org.dilort.data.ExampleCount;
import org.dilort.importer.ImportedModel;
import org.dilort.importer.OnnxWeights;
import org.dilort.model.Architectures;
import org.dilort.model.CausalLm;
import org.dilort.model.ConfigJson;
import org.dilort.model.Parameter;
import org.dilort.model.RunLength;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Graph;
import org.dilort.onnx.PeakMemory;
import org.dilort.onnx.Shape;
import org.dilort.onnx.Value;
import org.dilort.runtime.CudaSystem;
import org.dilort.runtime.Gpu;
import org.dilort.weights.SafetensorsFolder;
import org.dilort.weights.TensorInfo;

/**
 * {@code dil-ort plan}: what a run would take, from configuration, headers of weights and rows of data. No weight is
 * read, no text is tokenised and no session is opened.
 */
public final class PlanJob {
    private static final String PAIRS = "pairs";
    private static final String ROWS = "rows";
    private static final String LENGTH = "length";

    private final Config config;
    private final CausalLm base;
    private final Stored stored;
    private final CausalLm trained;
    private final RunSettings settings;

    private PlanJob(Config config, CausalLm base, Stored stored, CausalLm trained) {
        this.config = config;
        this.base = base;
        this.stored = stored;
        this.trained = trained;
        this.settings = RunSettings.of(config, trained, ChosenDevice.assumed(config));
    }

    /**
     * Bytes of weights on disk.
     *
     * @param model the folder's
     * @param mapped those that a session with adapters maps
     * @param made those of {@code mapped} that a run makes for itself
     */
    private record Stored(long model, long mapped, long made) {
        static Stored as(long model) {
            return new Stored(model, model, 0);
        }

        Stored with(AdapterTuning.Planned tuning) {
            return new Stored(model, model - tuning.replacedBytes() + tuning.madeBytes(), tuning.madeBytes());
        }
    }

    public static RunPlan run(Config config) {
        ConfigCheck.run(config);
        PolicyFiles files = PolicyFiles.of(config);
        if (files.kind() == PolicyFiles.Kind.ONNX) {
            return imported(config, ImportedModel.read(files.path()));
        }
        ConfigJson json = ConfigJson.read(files.path());
        CausalLm base = Architectures.of(json, new RunLength(config.data().maxLength()));
        String family = json.text("model_type", "");
        if (config.model().init() == ModelInit.RANDOM) {
            return new PlanJob(config, base, Stored.as(Float.BYTES * elements(base.parameters())), base).plan(family);
        }
        try (SafetensorsFolder source = SafetensorsFolder.open(files.path())) {
            InitialWeights.check(base, source);
            Stored stored = Stored.as(source.tensors().values().stream()
                    .mapToLong(TensorInfo::bytes)
                    .sum());
            if (!config.model().lora().enabled()) {
                return new PlanJob(config, base, stored, base).plan(family);
            }
            AdapterTuning.Planned tuning = AdapterTuning.plan(config, base, source);
            return new PlanJob(config, base, stored.with(tuning), tuning.model()).plan(family);
        }
    }

    private static RunPlan imported(Config config, ImportedModel model) {
        try (OnnxWeights source = model.openWeights()) {
            Stored stored = Stored.as(Float.BYTES * elements(model.parameters()));
            if (!config.model().lora().enabled()) {
                return new PlanJob(config, model, stored, model).plan("onnx");
            }
            AdapterTuning.Planned tuning = AdapterTuning.plan(config, model, source);
            return new PlanJob(config, model, stored.with(tuning), tuning.model()).plan("onnx");
        }
    }

    private RunPlan plan(String family) {
        RunPlan.Parameters parameters = new RunPlan.Parameters(elements(trained.parameters()), frozen());
        RunPlan.Work work = work();
        RunPlan.Memory memory = memory(parameters, work);
        RunPlan.Disk disk = disk(memory, work.steps());
        return new RunPlan(family, parameters, work, memory, disk, warnings(memory, disk));
    }

    private static long elements(List<Parameter> parameters) {
        return parameters.stream().mapToLong(Parameter::elements).sum();
    }

    private long frozen() {
        Set<String> names = trained.parameters().stream().map(Parameter::name).collect(Collectors.toSet());
        return elements(base.parameters().stream()
                .filter(parameter -> !names.contains(parameter.name()))
                .toList());
    }

    private RunPlan.Work work() {
        TrainConfig train = config.train();
        ExampleCount count = ExampleCount.of(DataSets.plan(config.data()), DataSets.reader(config, settings));
        long epoch = (count.train() + train.batchPairs() - 1) / train.batchPairs();
        long steps = train.maxSteps().exists() ? train.maxSteps().value() : train.epochs() * epoch;
        int rowTokens =
                Math.min(settings.packing().rowTokens(), settings.packing().microBatchTokens());
        int rows = settings.packing().microBatchTokens() / rowTokens;
        return new RunPlan.Work(count.train(), count.heldOut(), steps, rows, rowTokens);
    }

    private RunPlan.Memory memory(RunPlan.Parameters parameters, RunPlan.Work work) {
        TrainingArtifacts.Recipe recipe = settings.recipe(trained);
        long weights = Float.BYTES * parameters.trained();
        long state = trained.parameters().stream()
                .flatMap(parameter -> settings.optimizer().state(parameter).stream())
                .mapToLong(tensor -> Float.BYTES * elements(tensor.shape()))
                .sum();
        long frozen = parameters.frozen() == 0 ? 0 : stored.mapped();
        long activations = activations(recipe.training(), work);
        return new RunPlan.Memory(weights, frozen, weights, state, activations, memoryOfTheDevice());
    }

    private static long elements(Shape shape) {
        return LongStream.of(shape.toArray()).reduce(1, Math::multiplyExact);
    }

    /** Of a micro-batch whose rows are full and whose every token is scored; nothing that a graph takes is more. */
    private long activations(Graph graph, RunPlan.Work work) {
        long tokens = (long) work.rows() * work.rowTokens();
        Map<String, Long> symbols = new HashMap<>();
        for (Value input : graph.inputs()) {
            for (Dim dim : input.shape().dims()) {
                dim.symbols().forEach(symbol -> symbols.put(symbol, tokens));
            }
        }
        symbols.put(ROWS, (long) work.rows());
        symbols.put(LENGTH, (long) work.rowTokens());
        symbols.put(PAIRS, (long) config.train().batchPairs());
        return PeakMemory.of(graph, symbols);
    }

    private RunPlan.Disk disk(RunPlan.Memory memory, long steps) {
        TrainConfig train = config.train();
        long zeros = Float.BYTES
                * trained.parameters().stream()
                        .mapToLong(Parameter::elements)
                        .max()
                        .orElse(0);
        long checkpoint = memory.weights() + memory.optimizerState() + zeros;
        long written =
                train.saveEvery().exists() ? (steps - 1) / train.saveEvery().steps() + 1 : 1;
        long kept = Math.min(written, train.keepCheckpoints().orElse(Integer.MAX_VALUE - 1) + 1L);
        long scratch = config.data().evaluates() ? 1 : 0;
        boolean adapters = config.model().lora().enabled();
        boolean whole = !adapters || config.model().lora().merge();
        long delivered = (adapters ? memory.weights() : 0)
                + (whole ? stored.model() + Float.BYTES * elements(base.parameters()) : 0);
        long start = memory.weights() + zeros + stored.made();
        return new RunPlan.Disk(start, checkpoint, kept + scratch, delivered, freeSpace(config.output()));
    }

    private static long freeSpace(Path output) {
        Path existing = output.toAbsolutePath();
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        try {
            return Files.getFileStore(existing).getUsableSpace();
        } catch (IOException e) {
            return 0;
        }
    }

    private long memoryOfTheDevice() {
        boolean gpu = config.device() == Device.CUDA
                || config.device() == Device.AUTO && CudaSystem.missing().isEmpty();
        if (gpu) {
            return CudaSystem.gpus().stream().findFirst().map(Gpu::memoryBytes).orElse(0L);
        }
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }

    private List<String> warnings(RunPlan.Memory memory, RunPlan.Disk disk) {
        List<String> warnings = new ArrayList<>();
        if (config.device() == Device.CUDA && memory.available() == 0) {
            warnings.add("device: cuda, but this machine shows no GPU; whether its memory will do is not known");
        } else if (memory.available() > 0 && memory.total() > memory.available()) {
            warnings.add(lacks("memory", memory.total(), memory.available())
                    + "; smaller: train.recompute: blocks, less train.micro_batch_tokens, model.lora");
        }
        if (disk.available() > 0 && disk.total() > disk.available()) {
            warnings.add(lacks("disk", disk.total(), disk.available()) + " for output " + config.output()
                    + "; smaller: train.keep_checkpoints");
        }
        return warnings;
    }

    private static String lacks(String what, long needed, long there) {
        return String.format(
                Locale.ROOT,
                "%s: %,.0f MiB are needed, %,.0f MiB are there",
                what,
                RunPlan.mebibytes(needed),
                RunPlan.mebibytes(there));
    }
}
