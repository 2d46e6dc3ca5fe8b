package org.dilort.importer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.dilort.autodiff.Tape;
import org.dilort.error.UnsupportedOperatorException;
import org.dilort.onnx.OnnxNode;

/** What of a decoder cannot be trained through: operators that are not known, and known ones without a gradient rule. */
final class MissingOperators {
    private static final int NAMED = 3;

    /** Operators whose results have no gradient. */
    private static final Set<String> CONSTANT = Set.of(
            "Shape",
            "Equal",
            "Less",
            "LessOrEqual",
            "Greater",
            "GreaterOrEqual",
            "Not",
            "IsNaN",
            "IsInf",
            "ConstantOfShape");

    private MissingOperators() {}

    /** @throws UnsupportedOperatorException listing every operator with its nodes */
    static void requireNone(DecoderFile decoder) {
        Map<String, List<String>> missing = new TreeMap<>();
        Set<String> trained = new HashSet<>(decoder.parameters().keySet());
        for (OnnxNode node : decoder.live()) {
            boolean dependent = node.inputs().stream().anyMatch(trained::contains) && !CONSTANT.contains(node.op());
            if (dependent) {
                trained.addAll(node.outputs());
            }
            String kind = kind(node, dependent);
            if (!kind.isEmpty()) {
                missing.computeIfAbsent(node.operator() + kind, key -> new ArrayList<>())
                        .add(node.name());
            }
        }
        if (!missing.isEmpty()) {
            String list = String.join("; ", lines(missing)).replaceAll("\\p{Cntrl}", "?");
            throw new UnsupportedOperatorException(decoder.path() + ": cannot be trained through " + list);
        }
    }

    /** What is missing of a node; empty = nothing. */
    private static String kind(OnnxNode node, boolean dependent) {
        if (!node.problem().isEmpty()) {
            return " (" + node.problem() + ")";
        }
        if (!NodeForms.isKnown(node)) {
            return " (not known)";
        }
        boolean own = FusedNodes.TABLE.containsKey(node.operator()) || NodeForms.isOwn(node);
        return dependent && !own && !Tape.hasRule(node.op()) ? " (no gradient)" : "";
    }

    private static List<String> lines(Map<String, List<String>> missing) {
        List<String> lines = new ArrayList<>();
        missing.forEach((operator, nodes) -> {
            String names = String.join(", ", nodes.subList(0, Math.min(NAMED, nodes.size())));
            String more = nodes.size() > NAMED ? " and " + (nodes.size() - NAMED) + " more" : "";
            lines.add(operator + " in " + names + more);
        });
        return lines;
    }
}
