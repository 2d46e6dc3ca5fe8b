package org.dilort.importer;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.dilort.autodiff.Tape;
import org.dilort.model.CausalLm;
import org.dilort.model.ModelSize;
import org.dilort.model.OutputProjection;
import org.dilort.model.Parameter;
import org.dilort.model.Parameter.Beginning;
import org.dilort.model.Parameter.Layout;
import org.dilort.model.TokenStream;
import org.dilort.model.Weights;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.StoredTensor;
import org.dilort.onnx.Value;

/**
 * A decoder of an ONNX file: {@code input_ids} and, as it has them, {@code attention_mask}, {@code position_ids} and a
 * cache in, {@code logits} out, in float. Optimum, onnxruntime-genai and this program export such files.
 *
 * <p>The cache is taken off, shapes that the file computes at run time are worked out beforehand, fused operators are
 * spelled out. Weights have the names of the initializers.
 */
public final class ImportedModel implements CausalLm {
    private static final double INITIALIZER_RANGE = 0.02;

    private final DecoderFile decoder;
    private final List<Parameter> parameters;

    private ImportedModel(DecoderFile decoder) {
        this.decoder = decoder;
        this.parameters = decoder.parameters().entrySet().stream()
                .map(entry ->
                        new Parameter(entry.getKey(), entry.getValue().type().shape(), Beginning.NORMAL, Layout.IN_OUT))
                .toList();
    }

    /**
     * @throws org.dilort.error.FormatException for a file that is no decoder in float
     * @throws org.dilort.error.UnsupportedOperatorException listing what cannot be trained through, by operator and node
     */
    public static ImportedModel read(Path file) {
        DecoderFile decoder = DecoderFile.read(file);
        MissingOperators.requireNone(decoder);
        return new ImportedModel(decoder);
    }

    public Path file() {
        return decoder.path();
    }

    /** Every file that the model is in, its own first. */
    public List<Path> files() {
        return Stream.concat(
                        Stream.of(decoder.path()),
                        decoder.tensors().values().stream()
                                .filter(StoredTensor.InFile.class::isInstance)
                                .map(tensor -> ((StoredTensor.InFile) tensor).file()))
                .distinct()
                .toList();
    }

    /** The file's weights by name. */
    public OnnxWeights openWeights() {
        return OnnxWeights.open(decoder.path(), decoder.parameters());
    }

    /** Whether several documents, and trunks with branches, may share a row; else every sequence needs one of its own. */
    @Override
    public boolean readsDocuments() {
        return decoder.readsDocuments();
    }

    /** A file does not tell its heads: it counts as having one. */
    @Override
    public ModelSize size() {
        LogitsOutput logits = decoder.logits();
        StoredTensor weight = decoder.tensor(logits.weight());
        int rows = Math.toIntExact(weight.type().shape().dim(0).value());
        int columns = Math.toIntExact(weight.type().shape().dim(1).value());
        boolean vocabularyFirst = logits.layout() == Layout.OUT_IN;
        int layers = (int) decoder.inputs().keySet().stream()
                .filter(name -> name.startsWith("past") && name.endsWith("key"))
                .count();
        return new ModelSize(
                vocabularyFirst ? rows : columns,
                vocabularyFirst ? columns : rows,
                Math.max(1, layers),
                1,
                1,
                vocabularyFirst ? columns : rows,
                (int) Math.min(Integer.MAX_VALUE, decoder.maxPositions()));
    }

    @Override
    public double initializerRange() {
        return INITIALIZER_RANGE;
    }

    @Override
    public List<Parameter> parameters() {
        return parameters;
    }

    @Override
    public Value hiddenStates(Tape tape, Weights weights, TokenStream tokens) {
        if (tokens.compute() != DType.FLOAT) {
            throw new IllegalArgumentException(
                    "compute in " + tokens.compute() + ", expected FLOAT, as the file's nodes");
        }
        GraphWalk walk = new GraphWalk(decoder, tape, weights, tokens);
        Value hidden = walk.run(decoder.logits().hidden());
        Dim width = Dim.of(size().hidden());
        Dim all = tokens.count().times(width);
        if (!hidden.shape().elements().equals(all)) {
            throw decoder.errors()
                    .failure(
                            "hidden states " + hidden.shape() + ", expected one of " + width
                                    + " numbers for every token; a file that gives logits of the last token alone cannot be trained");
        }
        return tape.ops().reshape(hidden, tokens.count(), width);
    }

    @Override
    public OutputProjection outputProjection(Weights weights) {
        LogitsOutput logits = decoder.logits();
        return new OutputProjection(weights.get(logits.weight()), logits.layout(), logits.cap());
    }
}
