package org.dilort.weights;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which file of a folder holds which tensor.
 *
 * @param files name of the file by name of the tensor
 */
public record ShardPlan(Map<String, String> files) {
    static final String SINGLE_FILE = "model.safetensors";

    public ShardPlan {
        files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
        files.forEach((tensor, file) -> {
            if (!isPlainName(file)) {
                throw new IllegalArgumentException(tensor + ": file " + file + ", expected a plain file name");
            }
        });
    }

    /** The plan without shards: every tensor is in {@code model.safetensors}, and there is no index. */
    public static ShardPlan singleFile() {
        return new ShardPlan(Map.of());
    }

    boolean isSingleFile() {
        return files.values().stream().allMatch(SINGLE_FILE::equals);
    }

    static boolean isPlainName(String file) {
        return !file.isBlank()
                && !file.equals(".")
                && !file.equals("..")
                && file.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || Character.isISOControl(c));
    }
}
