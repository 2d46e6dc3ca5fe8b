package org.dilort.artifacts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.dilort.files.DurableFiles;
import org.dilort.heads.Objective;
import org.dilort.model.CausalLm;
import org.dilort.model.Parameter;
import org.dilort.onnx.Graph;
import org.dilort.onnx.OnnxWriter;
import org.dilort.onnx.Shape;

/**
 * A folder that any client of ONNX Runtime's training API can open: {@code training_model.onnx}, {@code
 * eval_model.onnx} (which holds the optimizer's update, see {@link UpdateGraph}), {@code checkpoint} with {@code
 * checkpoint.data}, and {@code manifest.json}.
 *
 * <p>What is trained, gradient sums and the optimizer's state are frozen parameters of the checkpoint, always in the
 * external file, so no limit of 2 GB applies. The same input gives the same bytes.
 *
 * <p>Weights that are not trained are constants of the graphs that stay in the files of their model. A session must be
 * told where these are, by {@code session.model_external_initializers_file_folder_path}; the manifest has the folder.
 *
 * @param constants the folder that places of constants are relative to
 */
public record TrainingArtifacts(Path folder, Path constants) {
    private static final String TRAINING = "training_model.onnx";
    private static final String UPDATE = "eval_model.onnx";
    private static final String OPTIMIZER = "optimizer_model.onnx";
    private static final String CHECKPOINT = "checkpoint";

    /** Artifacts that need no other files. */
    public TrainingArtifacts(Path folder) {
        this(folder, folder);
    }

    /** Whether the graphs have constants in files of another folder. */
    public boolean hasConstants() {
        return !constants.equals(folder);
    }

    public Path trainingModel() {
        return folder.resolve(TRAINING);
    }

    public Path updateModel() {
        return folder.resolve(UPDATE);
    }

    /** Written only in the standard layout. */
    public Path optimizerModel() {
        return folder.resolve(OPTIMIZER);
    }

    public Path checkpoint() {
        return folder.resolve(CHECKPOINT);
    }

    /**
     * What the graphs are made from.
     *
     * @param decayed which parameters weight decay acts on
     */
    public record Recipe(
            CausalLm model,
            Objective objective,
            GraphOptions options,
            Optimizer optimizer,
            Predicate<Parameter> decayed) {

        public Graph training() {
            return TrainingGraph.build(model, objective, options, optimizer);
        }

        private Graph update() {
            return UpdateGraph.build(model.parameters(), optimizer, decayed, options.form());
        }
    }

    /** Writes graphs and manifest; the checkpoint is left as it is. */
    public void writeGraphs(Recipe recipe) {
        Map<String, byte[]> files = new TreeMap<>();
        files.put(TRAINING, OnnxWriter.toBytes(recipe.training()));
        files.put(UPDATE, OnnxWriter.toBytes(recipe.update()));
        writeAll(recipe, files);
    }

    /** Writes a training state at its beginning: the weights; gradient sums and the optimizer's state are zero. */
    public void writeCheckpoint(CausalLm model, Optimizer optimizer, InitialWeights weights) {
        createFolder();
        try (CheckpointWriter writer = CheckpointWriter.create(checkpoint())) {
            for (Parameter parameter : model.parameters()) {
                String name = parameter.name();
                List<Long> shape = shape(parameter.shape());
                writer.add(CheckpointRole.FROZEN, name, shape, weights.of(model, parameter));
                writer.addZeros(CheckpointRole.FROZEN, StateNames.gradient(name), shape);
                for (Optimizer.StateTensor tensor : optimizer.state(parameter)) {
                    writer.addZeros(CheckpointRole.FROZEN, StateNames.of(name, tensor.kind()), shape(tensor.shape()));
                }
            }
            writer.finish();
        }
    }

    /**
     * Writes everything in ONNX Runtime's standard layout, for other clients of its training API: a plain evaluation
     * graph, {@code optimizer_model.onnx} with the built-in AdamW, and trainable parameters. Its optimizer knows one
     * weight decay, and cannot save moments beyond 2 GB.
     *
     * @throws IllegalArgumentException for another optimizer than AdamW
     */
    public void writeStock(Recipe recipe, InitialWeights weights) {
        if (!(recipe.optimizer() instanceof AdamW adamW)) {
            throw new IllegalArgumentException("optimizer " + recipe.optimizer().name() + ", expected adamw");
        }
        CausalLm model = recipe.model();
        Map<String, byte[]> files = new TreeMap<>();
        files.put(TRAINING, OnnxWriter.toBytes(TrainingGraph.stock(model, recipe.objective(), recipe.options())));
        files.put(UPDATE, OnnxWriter.toBytes(TrainingGraph.forwardOnly(model, recipe.objective(), recipe.options())));
        files.put(OPTIMIZER, StockOptimizer.toBytes(adamW));
        writeAll(recipe, files);
        try (CheckpointWriter writer = CheckpointWriter.create(checkpoint())) {
            for (Parameter parameter : model.parameters()) {
                writer.add(
                        CheckpointRole.TRAINABLE,
                        parameter.name(),
                        shape(parameter.shape()),
                        weights.of(model, parameter));
            }
            writer.finish();
        }
    }

    private static List<Long> shape(Shape shape) {
        return LongStream.of(shape.toArray()).boxed().toList();
    }

    private void writeAll(Recipe recipe, Map<String, byte[]> files) {
        files.put(Manifest.FILE, Manifest.toBytes(this, recipe, files));
        createFolder();
        files.forEach((name, bytes) -> write(folder.resolve(name), bytes));
    }

    private void createFolder() {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be created", e);
        }
    }

    private static void write(Path file, byte[] bytes) {
        try {
            DurableFiles.replace(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written", e);
        }
    }
}
