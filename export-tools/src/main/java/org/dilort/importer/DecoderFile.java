package org.dilort.importer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.dilort.onnx.DType;
import org.dilort.onnx.FileErrors;
import org.dilort.onnx.OnnxModelFile;
import org.dilort.onnx.OnnxNode;
import org.dilort.onnx.StoredTensor;
import org.dilort.onnx.Value;

/**
 * A decoder's file, and what each of its parts is to training: the nodes that the last hidden states need, the vocabulary
 * projection behind them, and the initializers that are weights.
 *
 * <p>A weight is a float vector or matrix of more than one element that has a part in the hidden states or in the
 * projection, but none in the cosines and sines of positions, be it by name, as a table of a rotary embedding, or because a
 * {@code Cos} or {@code Sin} is computed from it.
 */
final class DecoderFile {
    private static final Pattern ROTARY = Pattern.compile("inv_freq|cos_cache|sin_cache|cos_cached|sin_cached|rotary");
    /** Operators by which a file looks at the columns of a row, or from one to another. */
    private static final Set<String> OF_COLUMNS = Set.of("Softmax", "Range", "CumSum", "Trilu");

    private static final Pattern PAST = Pattern.compile("past.*(key|value).*");

    /** What a caller gives under an input's name. */
    enum Role {
        INPUT_IDS,
        POSITION_IDS,
        ATTENTION_MASK,
        PAST
    }

    private final OnnxModelFile file;
    private final Map<String, OnnxNode> makers = new HashMap<>();
    private final LogitsOutput logits;
    private final List<OnnxNode> live;
    private final Map<String, StoredTensor> parameters;

    private DecoderFile(OnnxModelFile file) {
        this.file = file;
        file.nodes().forEach(node -> node.outputs().forEach(output -> makers.put(output, node)));
        this.logits = LogitsOutput.find(file, makers);
        this.live = liveNodes();
        this.parameters = Collections.unmodifiableMap(findParameters());
    }

    /** @throws org.dilort.error.FormatException for a file that is no decoder with float weights */
    static DecoderFile read(Path path) {
        DecoderFile decoder = new DecoderFile(OnnxModelFile.read(path));
        decoder.live.forEach(node -> node.inputs().stream()
                .filter(decoder.file.inputs()::containsKey)
                .forEach(decoder::role));
        return decoder;
    }

    Path path() {
        return file.path();
    }

    FileErrors errors() {
        return file.errors();
    }

    LogitsOutput logits() {
        return logits;
    }

    /** What the last hidden states need, in order. */
    List<OnnxNode> live() {
        return live;
    }

    Map<String, StoredTensor> tensors() {
        return file.tensors();
    }

    StoredTensor tensor(String name) {
        return file.tensor(name);
    }

    Map<String, Value> inputs() {
        return file.inputs();
    }

    /** The weights, in the order of the file's nodes; the projection's is last if it is not used before. */
    Map<String, StoredTensor> parameters() {
        return parameters;
    }

    boolean isParameter(String name) {
        return parameters.containsKey(name);
    }

    /** @throws org.dilort.error.FormatException for an input that a decoder does not have */
    Role role(String input) {
        return switch (input) {
            case "input_ids" -> Role.INPUT_IDS;
            case "position_ids" -> Role.POSITION_IDS;
            case "attention_mask" -> Role.ATTENTION_MASK;
            default -> {
                if (PAST.matcher(input).matches() && rank(input) == 4) {
                    yield Role.PAST;
                }
                throw errors().failure(
                                "input " + input
                                        + ", expected input_ids, position_ids, attention_mask and past_key_values.N.key or .value alone");
            }
        };
    }

    private int rank(String input) {
        Value declared = file.inputs().get(input);
        return declared == null ? 0 : declared.rank();
    }

    /** Rows of the smallest table of positions; without one there is no bound. */
    long maxPositions() {
        return live.stream()
                .flatMap(node -> positionTable(node).stream())
                .filter(name -> file.tensors().containsKey(name))
                .mapToLong(
                        name -> file.tensors().get(name).type().shape().dim(0).value())
                .min()
                .orElse(Integer.MAX_VALUE);
    }

    private List<String> positionTable(OnnxNode node) {
        return switch (node.op()) {
            case "Gather" ->
                node.inputs().size() == 2 && isPositions(node.inputs().get(1))
                        ? node.inputs().subList(0, 1)
                        : List.of();
            default -> tables(node);
        };
    }

    /** Cosines and sines of a fused operator. */
    private static List<String> tables(OnnxNode node) {
        int first = switch (node.op()) {
            case "RotaryEmbedding" -> 2;
            case "GroupQueryAttention" -> 7;
            default -> Integer.MAX_VALUE;
        };
        return node.inputs().stream().skip(first).limit(2).toList();
    }

    private boolean isPositions(String name) {
        return file.inputs().containsKey(name) && role(name) == Role.POSITION_IDS;
    }

    /**
     * Whether only attention of known meaning knows who may see whom, and positions come from the caller, so that
     * documents may share a row: no mask is read, and no attention is spelled out or position counted in the file.
     */
    boolean readsDocuments() {
        return inputsRead(logits.hidden()).stream().noneMatch(input -> role(input) == Role.ATTENTION_MASK)
                && live.stream().map(OnnxNode::op).noneMatch(OF_COLUMNS::contains)
                && live.stream().anyMatch(node -> node.op().equals("GroupQueryAttention"));
    }

    /** The inputs that a value depends on; what a fused attention asks of lengths does not count. */
    private Set<String> inputsRead(String value) {
        Set<String> seen = new HashSet<>();
        Set<String> found = new HashSet<>();
        List<String> open = new ArrayList<>(List.of(value));
        while (!open.isEmpty()) {
            String name = open.remove(open.size() - 1);
            if (!seen.add(name)) {
                continue;
            }
            if (file.inputs().containsKey(name)) {
                found.add(name);
                continue;
            }
            OnnxNode maker = makers.get(name);
            if (maker != null) {
                open.addAll(operands(maker));
            }
        }
        return found;
    }

    /** The operands that are read here. */
    private static List<String> operands(OnnxNode node) {
        boolean attention = node.op().equals("GroupQueryAttention");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            boolean length = attention && (i == 5 || i == 6 || i == 9);
            if (!length && !node.inputs().get(i).isEmpty()) {
                names.add(node.inputs().get(i));
            }
        }
        return names;
    }

    private List<OnnxNode> liveNodes() {
        Set<String> needed = new HashSet<>(Set.of(logits.hidden()));
        List<OnnxNode> found = new ArrayList<>();
        List<OnnxNode> nodes = file.nodes();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            OnnxNode node = nodes.get(i);
            if (node.outputs().stream().anyMatch(needed::contains)) {
                needed.addAll(operands(node));
                found.add(node);
            }
        }
        Collections.reverse(found);
        return Collections.unmodifiableList(found);
    }

    private Map<String, StoredTensor> findParameters() {
        Set<String> positions = ofPositions();
        Map<String, StoredTensor> found = new LinkedHashMap<>();
        for (OnnxNode node : live) {
            operands(node).stream()
                    .filter(name -> isWeight(name) && !positions.contains(name))
                    .forEach(name -> found.put(name, file.tensor(name)));
        }
        found.putIfAbsent(logits.weight(), file.tensor(logits.weight()));
        found.forEach(this::requireFloat);
        return found;
    }

    private void requireFloat(String name, StoredTensor tensor) {
        if (tensor.type().dtype() != DType.FLOAT) {
            throw errors().failure("weight " + name + " is " + tensor.type().dtype()
                    + ", expected FLOAT; export the model in float32");
        }
    }

    private boolean isWeight(String name) {
        StoredTensor tensor = file.tensors().get(name);
        if (tensor == null
                || !tensor.type().dtype().isFloat()
                || ROTARY.matcher(name).find()) {
            return false;
        }
        int rank = tensor.type().shape().rank();
        return (rank == 1 || rank == 2) && tensor.type().shape().elements().value() > 1;
    }

    /** What cosines and sines are computed from, and the tables that hold them. */
    private Set<String> ofPositions() {
        Set<String> found = new HashSet<>();
        List<OnnxNode> nodes = live;
        for (int i = nodes.size() - 1; i >= 0; i--) {
            OnnxNode node = nodes.get(i);
            boolean angles = node.op().equals("Cos") || node.op().equals("Sin");
            boolean leadsTo = node.outputs().stream().anyMatch(found::contains)
                    && !node.op().equals("Shape");
            if (angles || leadsTo) {
                found.addAll(node.inputs());
            }
            found.addAll(tables(node));
        }
        return found;
    }
}
