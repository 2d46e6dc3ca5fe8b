package org.dilort.heads;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.dilort.error.FormatException;
import org.dilort.files.DurableFiles;
import org.dilort.onnx.DType;
import org.dilort.onnx.OnnxReader;
import org.dilort.onnx.Tensor;
import org.dilort.onnx.Value;

/**
 * An ONNX file that is to be a head: inputs and outputs as {@link HeadGraph} has them, named float scalars among its
 * constants as coefficients, and metadata that may say {@code head} (a name), {@code formula}, {@code scope} (pair or
 * step), {@code reduction} and {@code variant}.
 *
 * <p>A file that cannot be read at all is refused here; what else keeps it from being a head, {@link HeadFileContract} says.
 */
public final class HeadFile {
    static final String SCOPE = "scope";
    static final String PAIR = "pair";
    static final String STEP = "step";

    /** A formula needs kilobytes; what is larger than this is something else, and is not read. */
    private static final int LARGEST = 16 << 20;

    /** What a configuration can name; a name that our writer has counted up is no coefficient. */
    private static final Pattern NAME = Pattern.compile("(?!constant_[0-9])[a-z][a-z0-9_]{0,63}");

    private static final Set<String> TAKEN = Set.of(
            HeadInputs.POLICY_LOGPS,
            HeadInputs.REFERENCE_LOGPS,
            HeadInputs.LENGTHS,
            HeadInputs.STEP_COUNTS,
            HeadGraph.LOSSES,
            HeadGraph.REWARDS,
            HeadGraph.SATURATED,
            HeadGraph.NEXT_STATE,
            "file",
            "name",
            "preset",
            "reduction",
            "variant",
            "weight");

    private final String source;
    private final byte[] model;
    private final OnnxReader reader;

    private HeadFile(String source, byte[] model) {
        this.source = source;
        this.model = model.clone();
        this.reader = OnnxReader.parse(model, source);
    }

    /** @throws FormatException if the file cannot be read, or not as ONNX */
    public static HeadFile read(Path file) {
        if (!Files.exists(file)) {
            throw new FormatException(file + ": there is no such file");
        }
        if (!Files.isRegularFile(file)) {
            throw new FormatException(file + ": is no file, expected an ONNX file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] model = in.readNBytes(LARGEST + 1);
            if (model.length > LARGEST) {
                throw new FormatException(file + ": more than " + LARGEST + " bytes, which is no size for a head");
            }
            return parse(model, file.toString());
        } catch (IOException e) {
            throw new FormatException(file + ": cannot read (" + DurableFiles.reason(e) + ")", e);
        }
    }

    /** @param source the file's name, for messages */
    public static HeadFile parse(byte[] model, String source) {
        return new HeadFile(source, model);
    }

    public String source() {
        return source;
    }

    byte[] model() {
        return model.clone();
    }

    OnnxReader reader() {
        return reader;
    }

    /** Where in the file each node is, in the order in which they are inlined. */
    public List<String> places() {
        return reader.places();
    }

    public List<String> inputs() {
        return reader.inputs().stream().map(Value::name).toList();
    }

    public boolean reads(String input) {
        return inputs().contains(input);
    }

    public List<String> outputs() {
        return reader.outputs();
    }

    public Map<String, String> metadata() {
        return reader.metadata();
    }

    /** The name that the file gives itself, else that of the file. */
    public String name() {
        String given = metadata().getOrDefault("head", "");
        String fileName = source.substring(Math.max(source.lastIndexOf('/'), source.lastIndexOf('\\')) + 1);
        return NAME.matcher(given).matches() ? given : fileName.replaceFirst("\\.onnx$", "");
    }

    public Scope scope() {
        return metadata().getOrDefault(SCOPE, PAIR).equals(STEP) ? Scope.STEP : Scope.PAIR;
    }

    /** The named float scalars, each as the shortest decimal that float reads as it. */
    public Map<String, Double> coefficients() {
        Map<String, Double> coefficients = new TreeMap<>();
        reader.constants().forEach((name, tensor) -> {
            if (NAME.matcher(name).matches() && !isTaken(name) && isFloatScalar(tensor)) {
                coefficients.put(name, Double.valueOf(Float.toString((float) tensor.toDoubles()[0])));
            }
        });
        return coefficients;
    }

    /** A name that the graph of a head, or a configuration, has for something else. */
    private static boolean isTaken(String name) {
        return TAKEN.contains(name)
                || Arrays.stream(OptionalInput.values())
                        .anyMatch(input -> input.names().contains(name));
    }

    private static boolean isFloatScalar(Tensor tensor) {
        return tensor.dtype() == DType.FLOAT && tensor.shape().rank() == 0 && !Double.isNaN(tensor.toDoubles()[0]);
    }
}
