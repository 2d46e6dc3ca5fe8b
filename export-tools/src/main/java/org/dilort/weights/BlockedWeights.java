package org.dilort.weights;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.dilort.error.FormatException;

/**
 * The weights of a model of which some matrices are kept in few bits in a file of their own. They read as the numbers
 * that the codes stand for; all others are the model's.
 *
 * <p>The file is safetensors: {@code NAME.codes} and {@code NAME.scales} of each matrix, as {@link BlockFormat} has
 * them, and metadata that say what it was made from.
 */
public final class BlockedWeights implements NamedTensors, AutoCloseable {
    private static final String FORMAT = "format";
    private static final String BLOCK = "block";
    private static final String SOURCE = "source";

    private final NamedTensors base;
    private final BlockFormat format;
    private final Set<String> names;
    private final SafetensorsFile file;

    private BlockedWeights(NamedTensors base, BlockFormat format, Set<String> names, SafetensorsFile file) {
        this.base = base;
        this.format = format;
        this.names = names;
        this.file = file;
    }

    /**
     * Opens a file that was made from the same weights, or makes it.
     *
     * @param names matrices of {@code base}
     * @param hash what tells {@code base} from any other weights
     * @throws FormatException for a matrix with values that are not finite
     */
    public static BlockedWeights at(
            Path path, NamedTensors base, Collection<String> names, BlockFormat format, String hash) {
        Map<String, String> metadata = new TreeMap<>(
                Map.of(FORMAT, "dil-ort " + format, BLOCK, Integer.toString(BlockFormat.BLOCK), SOURCE, hash));
        Set<String> all = Set.copyOf(names);
        if (!isThere(path, metadata, all)) {
            createFolder(path.toAbsolutePath().getParent());
            BlockWriter.write(path, base, new TreeSet<>(names), format, metadata);
        }
        return new BlockedWeights(base, format, all, SafetensorsFile.open(path));
    }

    private static void createFolder(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be created", e);
        }
    }

    private static boolean isThere(Path path, Map<String, String> metadata, Set<String> names) {
        if (!Files.exists(path)) {
            return false;
        }
        try (SafetensorsFile existing = SafetensorsFile.open(path)) {
            return existing.metadata().equals(metadata)
                    && existing.tensors().size() == 2 * names.size()
                    && names.stream().map(BlockFormat::codes).allMatch(existing::contains);
        } catch (FormatException e) {
            return false;
        }
    }

    /** What lies where: the model's tensors, and the codes and scales. */
    public NamedTensors stored() {
        return new JoinedTensors(file, base);
    }

    @Override
    public Path location() {
        return base.location();
    }

    @Override
    public Map<String, TensorInfo> tensors() {
        return base.tensors();
    }

    @Override
    public void readFloats(String name, FloatSink sink) {
        if (!names.contains(name)) {
            base.readFloats(name, sink);
            return;
        }
        float[] scales = file.toArray(BlockFormat.scales(name));
        int columns = Math.toIntExact(info(name).shape().get(1));
        file.copyBytes(BlockFormat.codes(name), new BlockDecoder(format, scales, columns, sink));
    }

    @Override
    public void close() {
        file.close();
    }
}
