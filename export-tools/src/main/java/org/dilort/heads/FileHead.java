package org.dilort.heads;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.dilort.error.FormatException;
import org.dilort.files.Sha256;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * A user's own head: a file that keeps the {@link HeadFileContract}. What it reads decides what it needs; its coefficients
 * are the file's constants and may be set like those of any head.
 */
public final class FileHead implements Head {
    private final HeadFile file;

    private FileHead(HeadFile file) {
        this.file = file;
    }

    /** @throws FormatException with what is wrong first in a file that is no head's */
    public static FileHead of(HeadFile file) {
        List<String> problems = HeadFileContract.of(file).problems();
        if (!problems.isEmpty()) {
            throw new FormatException(file.source() + ": " + problems.get(0));
        }
        return new FileHead(file);
    }

    @Override
    public String name() {
        return file.name();
    }

    /** Of the file's bytes. */
    public String sha256() {
        return Sha256.of(file.model());
    }

    @Override
    public String formula() {
        return file.metadata().getOrDefault("formula", "as in " + file.source());
    }

    @Override
    public List<Coefficient> coefficients() {
        return file.coefficients().entrySet().stream()
                .map(constant -> new Coefficient(
                        constant.getKey(),
                        constant.getValue(),
                        Double.NEGATIVE_INFINITY,
                        Double.POSITIVE_INFINITY,
                        "constant of the file"))
                .toList();
    }

    /** The file does its own. */
    @Override
    public List<Reduction> reductions() {
        return List.of(Reduction.SUM);
    }

    /** What remembers from step to step has to see each step as one. */
    @Override
    public Scope scope() {
        boolean remembers = OptionalInput.STATE.names().stream().anyMatch(file::reads);
        return remembers ? Scope.STEP : file.scope();
    }

    @Override
    public Set<OptionalInput> optionalInputs() {
        return Arrays.stream(OptionalInput.values())
                .filter(input -> input.names().stream().anyMatch(file::reads))
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public boolean needsReference() {
        return file.reads(HeadInputs.REFERENCE_LOGPS) || file.reads("reference_token_logps");
    }

    @Override
    public HeadOutputs build(HeadInputs in) {
        Ops ops = in.ops();
        Map<String, Value> bindings = new HashMap<>();
        file.inputs().forEach(name -> bindings.put(name, in.input(name)));
        Map<String, Value> coefficients = new HashMap<>();
        file.coefficients().keySet().forEach(name -> coefficients.put(name, in.coefficient(name)));
        Map<String, Value> results = file.reader().inline(ops.graph(), bindings, coefficients);
        if (results.containsKey(HeadGraph.SATURATED)) {
            in.countSaturated(ops.unsqueeze(results.get(HeadGraph.SATURATED), 1));
        }
        List<Value> nextState =
                results.containsKey(HeadGraph.NEXT_STATE) ? List.of(results.get(HeadGraph.NEXT_STATE)) : List.of();
        return new HeadOutputs(
                ops.unsqueeze(results.get(HeadGraph.LOSSES), 1), in.columns(results.get(HeadGraph.REWARDS)), nextState);
    }
}
