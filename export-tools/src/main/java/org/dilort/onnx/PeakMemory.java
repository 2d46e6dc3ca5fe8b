package org.dilort.onnx;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;

/**
 * The most bytes that what a graph's nodes make takes at once, from shapes alone.
 *
 * <p>Nodes run in the order of the graph, an accumulation as soon as what it adds exists. A value lives until its last
 * reader has run. As ONNX Runtime's planner does it, a reshape shares its input's bytes, and an elementwise node writes
 * over an input that nobody reads afterwards. Inputs, constants and external weights are not counted, nor what kernels
 * need inside, nor what an allocator keeps in reserve.
 */
public final class PeakMemory {
    private static final Set<String> SHARING =
            Set.of("Identity", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "InPlaceAccumulatorV2");
    private static final Set<String> IN_PLACE = Set.of(
            "Add",
            "Sub",
            "Mul",
            "Div",
            "Neg",
            "Exp",
            "Sqrt",
            "Sigmoid",
            "Tanh",
            "Softmax",
            "LogSoftmax",
            "QuickGelu",
            "Cast",
            "Max",
            "Min",
            "Sum");

    private final Map<String, Long> symbols;
    private final Map<Value, Buffer> buffers = new HashMap<>();
    private long live;
    private long peak;

    private PeakMemory(Map<String, Long> symbols) {
        this.symbols = symbols;
    }

    /** Memory that one or several values share. */
    private static final class Buffer {
        private final long bytes;
        private int readers;

        private Buffer(long bytes) {
            this.bytes = bytes;
        }
    }

    /**
     * @param symbols what every symbolic dimension stands for; slices {@code n[a:b]} follow from {@code n}
     * @throws IllegalArgumentException for a symbol that is not there
     */
    public static long of(Graph graph, Map<String, Long> symbols) {
        PeakMemory memory = new PeakMemory(Map.copyOf(symbols));
        List<Node> order = inOrderOfRuns(graph.nodes());
        order.forEach(memory::assign);
        graph.outputs().forEach(output -> memory.buffers.get(output).readers++);
        order.forEach(memory::run);
        return memory.peak;
    }

    /** The same nodes, each accumulation right behind the last node that it needs. */
    private static List<Node> inOrderOfRuns(List<Node> nodes) {
        Map<Value, Integer> made = new HashMap<>();
        Map<Node, Integer> places = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            int place = i;
            if (node.op().equals("InPlaceAccumulatorV2")) {
                place = node.inputs().stream()
                        .mapToInt(input -> made.getOrDefault(input, 0))
                        .max()
                        .orElse(i);
            }
            places.put(node, place);
            for (Value output : node.outputs()) {
                made.put(output, place);
            }
        }
        List<Node> ordered = new ArrayList<>(nodes);
        ordered.sort(Comparator.comparing(places::get));
        return ordered;
    }

    private void assign(Node node) {
        boolean sharing = SHARING.contains(node.op());
        for (Value output : node.outputs()) {
            Buffer shared = sharing ? buffers.get(node.input(0)) : null;
            boolean ofInput = sharing && shared == null;
            buffers.put(output, ofInput ? new Buffer(0) : sharing ? shared : new Buffer(bytes(output)));
        }
        node.inputs().stream().filter(buffers::containsKey).forEach(input -> buffers.get(input).readers++);
    }

    private void run(Node node) {
        if (SHARING.contains(node.op())) {
            node.inputs().forEach(this::release);
            return;
        }
        if (writesOverAnInput(node)) {
            node.inputs().forEach(this::release);
            node.outputs().forEach(this::take);
        } else {
            node.outputs().forEach(this::take);
            node.inputs().forEach(this::release);
        }
        node.outputs().stream()
                .map(buffers::get)
                .filter(buffer -> buffer.readers == 0)
                .forEach(unread -> live -= unread.bytes);
    }

    private void take(Value output) {
        live += buffers.get(output).bytes;
        peak = Math.max(peak, live);
    }

    private boolean writesOverAnInput(Node node) {
        if (!IN_PLACE.contains(node.op())) {
            return false;
        }
        Buffer output = buffers.get(node.output(0));
        return node.inputs().stream()
                .map(buffers::get)
                .anyMatch(input -> input != null && input.readers == 1 && input.bytes == output.bytes);
    }

    private void release(Value input) {
        Buffer buffer = buffers.get(input);
        if (buffer == null) {
            return;
        }
        buffer.readers--;
        if (buffer.readers == 0) {
            live -= buffer.bytes;
        }
    }

    private long bytes(Value value) {
        long elements = 1;
        for (Dim dim : value.shape().dims()) {
            elements = Math.multiplyExact(elements, number(dim));
        }
        return value.dtype().bytesOf(elements);
    }

    private long number(Dim dim) {
        long number = dim.factor();
        for (String symbol : dim.symbols()) {
            number = Math.multiplyExact(number, number(symbol));
        }
        return number;
    }

    private long number(String symbol) {
        Long known = symbols.get(symbol);
        if (known != null) {
            return known;
        }
        if (symbol.startsWith("(") && symbol.endsWith(")")) {
            return number(Dim.parse(symbol.substring(1, symbol.length() - 1)));
        }
        Matcher part = ShapeSchemas.PART.matcher(symbol);
        if (!part.matches()) {
            throw new IllegalArgumentException("dimension " + symbol + ", expected one of " + symbols.keySet());
        }
        long whole = number(part.group(1));
        long from = Math.min(whole, Long.parseLong(part.group(2)));
        return part.group(3).isEmpty() ? whole - from : Math.min(whole, Long.parseLong(part.group(3))) - from;
    }
}
