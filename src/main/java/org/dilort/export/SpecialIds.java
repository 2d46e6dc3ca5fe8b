package org.dilort.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dilort.error.FormatException;

/**
 * The ids of special tokens that a model folder names: {@code generation_config.json} first, then {@code config.json}.
 * Each list may be empty; only the end may have several.
 */
record SpecialIds(List<Integer> begin, List<Integer> end, List<Integer> pad) {
    static final String BEGIN_KEY = "bos_token_id";
    static final String END_KEY = "eos_token_id";
    static final String PAD_KEY = "pad_token_id";

    SpecialIds {
        begin = List.copyOf(begin);
        end = List.copyOf(end);
        pad = List.copyOf(pad);
    }

    static SpecialIds read(Path folder) {
        return new SpecialIds(ids(folder, BEGIN_KEY), ids(folder, END_KEY), ids(folder, PAD_KEY));
    }

    /** The ids that one JSON file names. */
    static SpecialIds ofFile(Path file) {
        return new SpecialIds(
                ids(file, BEGIN_KEY, List.of()), ids(file, END_KEY, List.of()), ids(file, PAD_KEY, List.of()));
    }

    private static List<Integer> ids(Path folder, String key) {
        List<Integer> ids = ids(folder.resolve(CompanionFiles.GENERATION_CONFIG), key, List.of());
        return ids(folder.resolve(CompanionFiles.CONFIG), key, ids);
    }

    private static List<Integer> ids(Path file, String key, List<Integer> known) {
        ObjectNode config = FolderFiles.readObject(file);
        JsonNode node = config.path(key);
        if (!known.isEmpty() || node.isMissingNode() || node.isNull()) {
            return known;
        }
        List<Integer> ids = new ArrayList<>();
        for (JsonNode element : node.isArray() ? node : List.of(node)) {
            if (!element.isIntegralNumber() || !element.canConvertToInt()) {
                throw new FormatException(key + ": got " + node + ", expected a token id (" + file + ")");
            }
            if (element.intValue() >= 0) {
                ids.add(element.intValue());
            }
        }
        return ids;
    }

    /** The keys as {@code config.json} has them: one end as a number, several as a list; unknown ones are left out. */
    void writeTo(ObjectNode target) {
        begin.stream().findFirst().ifPresent(id -> target.put(BEGIN_KEY, id));
        if (end.size() == 1) {
            target.put(END_KEY, end.get(0));
        } else if (!end.isEmpty()) {
            end.forEach(target.putArray(END_KEY)::add);
        }
        pad.stream().findFirst().ifPresent(id -> target.put(PAD_KEY, id));
    }
}
