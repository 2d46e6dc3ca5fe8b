package org.dilort.artifacts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.dilort.autodiff.Recompute;
import org.dilort.files.Sha256;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Objective;
import org.dilort.model.CausalLm;
import org.dilort.model.Parameter;

/**
 * {@code manifest.json} of a folder of training artifacts: what they were made from and the SHA-256 of each graph, so
 * that two folders can be told apart and a changed file is noticed.
 */
final class Manifest {
    static final String FILE = "manifest.json";
    private static final int FORMAT = 1;

    private Manifest() {}

    static byte[] toBytes(TrainingArtifacts artifacts, TrainingArtifacts.Recipe recipe, Map<String, byte[]> files) {
        CausalLm model = recipe.model();
        Objective objective = recipe.objective();
        GraphOptions options = recipe.options();
        Optimizer optimizer = recipe.optimizer();
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = mapper.createObjectNode();
        root.put("format", FORMAT);
        root.put("tool", "dil-ort");
        ObjectNode modelNode = root.putObject("model");
        modelNode.put(
                "parameters",
                model.parameters().stream().mapToLong(Parameter::elements).sum());
        modelNode.put("tensors", model.parameters().size());
        modelNode.put("vocabulary", model.size().vocabulary());
        modelNode.put("layers", model.size().layers());
        if (artifacts.hasConstants()) {
            modelNode.put("constants", artifacts.constants().toString());
        }
        ArrayNode heads = root.putArray("heads");
        objective.terms().forEach(term -> put(heads.addObject(), term));
        ObjectNode graphs = root.putObject("graphs");
        graphs.put("compute", options.compute().name().toLowerCase(Locale.ROOT));
        if (options.products() != options.compute()) {
            graphs.put("products", options.products().name().toLowerCase(Locale.ROOT));
        }
        graphs.put("gradients", options.form().name().toLowerCase(Locale.ROOT));
        if (options.recompute() != Recompute.NONE) {
            graphs.put("recompute", options.recompute().name().toLowerCase(Locale.ROOT));
        }
        graphs.put("chunk_targets", options.chunks().chunkTargets());
        graphs.put("chunks", options.chunks().chunkCount());
        if (!options.queryChunks().isWhole()) {
            graphs.put("chunk_queries", options.queryChunks().tokens());
            graphs.put("query_chunks", options.queryChunks().count());
        }
        graphs.put("longest_row", options.tablePositions());
        ObjectNode update = root.putObject("update");
        update.put("optimizer", optimizer.name());
        optimizer.settings().forEach(update::put);
        update.put("weight_decay", optimizer.weightDecay());
        update.put("max_grad_norm", Double.toString(optimizer.maxGradientNorm()));
        ObjectNode hashes = root.putObject("sha256");
        new TreeMap<>(files).forEach((file, bytes) -> hashes.put(file, Sha256.of(bytes)));
        return write(mapper, root);
    }

    private static void put(ObjectNode node, Objective.Term term) {
        HeadSpec head = term.spec();
        node.put("name", head.head().name());
        node.put("weight", term.weight());
        node.put("variant", head.variant().name().toLowerCase(Locale.ROOT));
        node.put("reduction", head.reduction().name().toLowerCase(Locale.ROOT));
        head.coefficients().forEach((name, value) -> node.put(name, value.toString()));
    }

    private static byte[] write(ObjectMapper mapper, ObjectNode root) {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(indenter);
        try {
            return (mapper.writer(printer).writeValueAsString(root) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values is always JSON", e);
        }
    }
}
