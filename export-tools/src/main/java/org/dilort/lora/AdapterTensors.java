package org.dilort.lora;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.dilort.error.FormatException;
import org.dilort.error.Nearest;
import org.dilort.model.CausalLm;
import org.dilort.model.Parameter;
import org.dilort.weights.TensorNames;

/** Reads off the tensors of an adapter folder what it adapts of a model, and refuses what does not fit. */
final class AdapterTensors {
    private final PeftAdapter adapter;
    private final CausalLm base;
    private final ModelLayers layers;
    private final Set<String> weights = new LinkedHashSet<>();
    private final Set<String> adapted = new LinkedHashSet<>();
    private final Set<String> whole = new LinkedHashSet<>();

    private AdapterTensors(PeftAdapter adapter, CausalLm base) {
        this.adapter = adapter;
        this.base = base;
        this.layers = ModelLayers.of(base);
        base.parameters().stream().map(Parameter::name).forEach(weights::add);
    }

    /** @throws FormatException naming the tensor: unknown to the model, misshapen, or missing */
    static Adapters of(PeftAdapter adapter, CausalLm base) {
        AdapterTensors tensors = new AdapterTensors(adapter, base);
        adapter.names().forEach(tensors::sort);
        Adapters adapters = tensors.adapters();
        for (Parameter parameter : adapters.parameters(base)) {
            adapter.require(parameter.name(), parameter.shape().toArray());
        }
        List<String> known =
                adapters.parameters(base).stream().map(Parameter::name).toList();
        List<String> extras = adapter.extras(known).stream()
                .filter(name -> !tensors.isTiedHead(name))
                .toList();
        if (!extras.isEmpty()) {
            throw tensors.failure(extras.get(0), "its settings have no such tensor");
        }
        return adapters;
    }

    private void sort(String name) {
        Optional<String> module = Stream.of(Adapter.A, Adapter.B, Adapter.MAGNITUDE)
                .filter(name::endsWith)
                .map(end -> name.substring(0, name.length() - end.length()))
                .findFirst();
        if (module.isPresent()) {
            adapted.add(requireLayer(name, module.get()));
        } else if (weights.contains(name)) {
            whole.add(name);
        } else if (!isTiedHead(name)) {
            throw failure(name, "the model has no such weight" + nearest(name, weights));
        }
    }

    private String requireLayer(String tensor, String module) {
        if (!layers.linear().containsKey(module)) {
            throw failure(
                    tensor,
                    "the model has no such linear layer in its blocks"
                            + nearest(module, layers.linear().keySet()));
        }
        return module;
    }

    private Adapters adapters() {
        layers.linear().keySet().stream()
                .filter(module -> adapter.config().lists(module))
                .filter(module -> !whole.contains(module + ".weight"))
                .forEach(adapted::add);
        if (adapted.isEmpty()) {
            throw new FormatException(adapter.location() + ": no adapter of any layer");
        }
        Map<String, Adapter> byModule = new LinkedHashMap<>();
        layers.linear().forEach((module, layer) -> {
            if (adapted.contains(module)) {
                byModule.put(module, new Adapter(layer, adapter.config().settings()));
            }
        });
        return new Adapters(adapter.config().settings(), byModule, whole);
    }

    /** Whoever trains a tied embedding with PEFT saves it under the head's name too. */
    private boolean isTiedHead(String name) {
        return name.equals(Adapters.HEAD)
                && !weights.contains(name)
                && adapter.contains(layers.head())
                && Arrays.equals(adapter.toArray(name), adapter.toArray(layers.head()));
    }

    private static String nearest(String name, Set<String> candidates) {
        return Nearest.to(name, candidates)
                .map(found -> "; the nearest is " + found)
                .orElse("");
    }

    private FormatException failure(String tensor, String problem) {
        return new FormatException(TensorNames.printable(tensor) + ": " + problem + " (" + adapter.weightsFile() + ")");
    }
}
