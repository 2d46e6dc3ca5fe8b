package org.dilort.lora;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dilort.error.ConfigException;
import org.dilort.model.CausalLm;
import org.dilort.model.Parameter;
import org.dilort.model.Parameter.Layout;
import org.dilort.weights.FloatSource;
import org.dilort.weights.NamedTensors;

/**
 * What is trained of a model: the adapters of some layers, and some modules whole.
 *
 * @param byModule in the order of the forward pass
 * @param whole names of the weights that are trained themselves
 */
public record Adapters(LoraSettings settings, Map<String, Adapter> byModule, Set<String> whole) {
    /** All linear layers of the blocks, PEFT's word for them. */
    private static final String ALL_LINEAR = "all-linear";

    /** The vocabulary projection's weight in a checkpoint. */
    static final String HEAD = "lm_head.weight";

    public Adapters {
        byModule = Collections.unmodifiableMap(new LinkedHashMap<>(byModule));
        whole = Collections.unmodifiableSet(new LinkedHashSet<>(whole));
    }

    /** A model as it is. */
    public static Adapters none() {
        return new Adapters(
                new LoraSettings(1, 1, LoraSettings.Scaling.BY_RANK, LoraSettings.Kind.LORA), Map.of(), Set.of());
    }

    /**
     * @param targets patterns of linear layers; none, or {@code all-linear}, are all of them
     * @param modulesToSave patterns of modules that are trained whole; these get no adapter
     * @throws ConfigException for a pattern that fits nothing
     */
    public static Adapters choose(
            CausalLm base, LoraSettings settings, List<String> targets, List<String> modulesToSave) {
        Set<String> modules = new LinkedHashSet<>();
        base.parameters().forEach(parameter -> modules.add(module(parameter.name())));
        Set<String> saved = new NamePatterns("model.lora.modules_to_save", modulesToSave, "module").choose(modules);
        Map<String, LinearLayer> layers = ModelLayers.of(base).linear();
        boolean all = targets.isEmpty() || targets.equals(List.of(ALL_LINEAR));
        Set<String> targeted = new LinkedHashSet<>(
                all
                        ? layers.keySet()
                        : new NamePatterns("model.lora.targets", targets, "linear layer").choose(layers.keySet()));
        targeted.removeAll(saved);
        if (targeted.isEmpty()) {
            throw new ConfigException(
                    "model.lora.targets: all are trained whole by model.lora.modules_to_save, expected"
                            + " one that is not");
        }
        Map<String, Adapter> adapters = new LinkedHashMap<>();
        targeted.forEach(module -> adapters.put(module, new Adapter(layers.get(module), settings)));
        Set<String> whole = new LinkedHashSet<>();
        base.parameters().stream()
                .map(Parameter::name)
                .filter(name -> saved.contains(module(name)))
                .forEach(whole::add);
        return new Adapters(settings, adapters, whole);
    }

    /** The adapter of the layer whose weight this is. */
    Optional<Adapter> ofWeight(String name) {
        return Optional.ofNullable(byModule.get(module(name)))
                .filter(adapter -> adapter.layer().weight().equals(name));
    }

    /** The norms of a layer's weights, where {@code name} is a magnitude's. */
    public Optional<FloatSource> magnitudes(String name, NamedTensors base) {
        return Optional.ofNullable(byModule.get(module(name)))
                .filter(adapter -> adapter.magnitude().equals(name))
                .map(adapter -> {
                    OutputNorms norms = new OutputNorms(adapter.layer());
                    base.finiteFloats(adapter.layer().weight()).read(norms);
                    return FloatSource.of(norms.norms());
                });
    }

    boolean storedTransposed() {
        return byModule.values().stream().anyMatch(adapter -> adapter.layer().layout() == Layout.IN_OUT);
    }

    /** The module that a weight belongs to: its name without the last part. */
    static String module(String weight) {
        return weight.substring(0, Math.max(0, weight.lastIndexOf('.')));
    }

    /** What is trained, in the order of the forward pass of {@code base}. */
    List<Parameter> parameters(CausalLm base) {
        List<Parameter> parameters = new ArrayList<>();
        for (Parameter parameter : base.parameters()) {
            if (whole.contains(parameter.name())) {
                parameters.add(parameter);
            }
            ofWeight(parameter.name()).ifPresent(adapter -> parameters.addAll(adapter.parameters()));
        }
        return parameters;
    }
}
