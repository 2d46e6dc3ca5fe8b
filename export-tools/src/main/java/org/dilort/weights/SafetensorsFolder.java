package org.dilort.weights;

import java.nio.MappedByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.dilort.error.FormatException;

/**
 * The weights of a Hugging Face folder: {@code model.safetensors}, or else the shards of
 * {@code model.safetensors.index.json}. Index and shards must name the same tensors. Shards come in the order of their
 * names, tensors in the order of their data.
 */
public final class SafetensorsFolder implements WeightSource {
    private final Path folder;
    private final Map<Path, SafetensorsFile> files;
    private final Map<String, TensorInfo> tensors;
    private final ShardPlan plan;

    private SafetensorsFolder(Path folder, Map<Path, SafetensorsFile> files, ShardPlan plan) {
        this.folder = folder;
        this.files = files;
        this.plan = plan;
        Map<String, TensorInfo> all = new LinkedHashMap<>();
        files.values().forEach(file -> all.putAll(file.tensors()));
        this.tensors = Collections.unmodifiableMap(all);
    }

    public static SafetensorsFolder open(Path folder) {
        Path single = folder.resolve(ShardPlan.SINGLE_FILE);
        if (Files.exists(single)) {
            return new SafetensorsFolder(folder, Map.of(single, SafetensorsFile.open(single)), ShardPlan.singleFile());
        }
        Path index = folder.resolve(SafetensorsIndex.NAME);
        if (Files.exists(index)) {
            return openShards(folder, index);
        }
        throw new FormatException("%s: no weights, expected %s or %s%s"
                .formatted(folder, ShardPlan.SINGLE_FILE, SafetensorsIndex.NAME, pickleHint(folder)));
    }

    private static String pickleHint(Path folder) {
        boolean pickled = Files.exists(folder.resolve("pytorch_model.bin"))
                || Files.exists(folder.resolve("pytorch_model.bin.index.json"));
        return pickled ? "; pytorch_model.bin is not read, convert it to safetensors" : "";
    }

    private static SafetensorsFolder openShards(Path folder, Path index) {
        ShardPlan plan = SafetensorsIndex.read(index);
        Map<Path, SafetensorsFile> files = new LinkedHashMap<>();
        try {
            for (String name : new TreeSet<>(plan.files().values())) {
                Path path = folder.resolve(name);
                if (!Files.exists(path)) {
                    throw new FormatException("%s: no such file, but %s names it".formatted(path, index));
                }
                files.put(path, SafetensorsFile.open(path));
            }
            requireAgreement(folder, index, plan, files);
            return new SafetensorsFolder(folder, files, plan);
        } catch (RuntimeException e) {
            files.values().forEach(SafetensorsFile::close);
            throw e;
        }
    }

    private static void requireAgreement(Path folder, Path index, ShardPlan plan, Map<Path, SafetensorsFile> files) {
        plan.files().forEach((tensor, file) -> {
            if (!files.get(folder.resolve(file)).contains(tensor)) {
                throw new FormatException("%s: not in %s, where %s has it"
                        .formatted(TensorNames.printable(tensor), folder.resolve(file), index));
            }
        });
        List<String> unlisted = new ArrayList<>();
        files.forEach((path, file) -> file.names().stream()
                .filter(name ->
                        !path.getFileName().toString().equals(plan.files().get(name)))
                .forEach(unlisted::add));
        if (!unlisted.isEmpty()) {
            throw new FormatException("%s: %d tensors of the shards are missing or elsewhere in weight_map: %s"
                    .formatted(index, unlisted.size(), TensorNames.list(unlisted)));
        }
    }

    /** The sharding of this folder, for a folder that is to be written like it. */
    public ShardPlan shardPlan() {
        return plan;
    }

    /** The {@code __metadata__} of the first file; empty where it has none. */
    public Map<String, String> metadata() {
        return files.values().iterator().next().metadata();
    }

    @Override
    public Path location() {
        return folder;
    }

    @Override
    public Map<String, TensorInfo> tensors() {
        return tensors;
    }

    @Override
    public void readFloats(String name, FloatSink sink) {
        holder(name).readFloats(name, sink);
    }

    @Override
    public void copyBytes(String name, WritableByteChannel out) {
        holder(name).copyBytes(name, out);
    }

    @Override
    public MappedByteBuffer map(String name) {
        return holder(name).map(name);
    }

    private SafetensorsFile holder(String name) {
        return files.get(info(name).file());
    }

    @Override
    public void close() {
        files.values().forEach(SafetensorsFile::close);
    }
}
