package org.dilort.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.dilort.model.ConfigJson;
import org.dilort.model.ModelSize;
import org.dilort.onnx.OnnxModelFile;

/** Whether {@code genai_config.json} is what onnxruntime-genai takes, and says the same as graph and configuration. */
record GenaiCheck(Path folder, ObjectNode config) {
    private static final String DECODER = "/model/decoder/";

    static GenaiCheck read(Path folder) {
        return new GenaiCheck(folder, FolderFiles.readObject(folder.resolve(GenaiConfig.FILE)));
    }

    String keys(List<String> problems) {
        GenaiKeys.check(config, where(), problems);
        return "all known to onnxruntime-genai";
    }

    String names(OnnxModelFile graph, int layers, List<String> problems) {
        String file = config.at(DECODER + "filename").asText();
        if (!file.equals(ExportFolder.MODEL)) {
            problems.add("model.decoder.filename: got \"%s\", expected \"%s\" (%s)"
                    .formatted(file, ExportFolder.MODEL, where()));
        }
        names("inputs", graph.inputs().keySet(), layers, problems);
        names("outputs", graph.outputs(), layers, problems);
        return "all in the graph";
    }

    private void names(String side, Collection<String> known, int layers, List<String> problems) {
        config.at(DECODER + side).properties().forEach(entry -> {
            String name = entry.getValue().asText();
            int count = name.contains("%d") ? layers : 1;
            for (int layer = 0; layer < count; layer++) {
                String each = name.replace("%d", Integer.toString(layer));
                if (!known.contains(each)) {
                    problems.add("model.decoder.%s.%s: got \"%s\", which is none of the graph's %s (%s)"
                            .formatted(side, entry.getKey(), each, side, where()));
                    return;
                }
            }
        });
    }

    /** Against the file that an export of this {@code config.json} would have. */
    String sizes(ModelSize size, List<String> problems) {
        String type = ConfigJson.read(folder).text("model_type", "");
        ObjectNode generation = FolderFiles.readObject(folder.resolve(CompanionFiles.GENERATION_CONFIG));
        ObjectNode expected = GenaiConfig.of(type, size, SpecialIds.read(folder), generation);
        compare("/model", expected.path("model"), problems);
        compare("/model/decoder", expected.at("/model/decoder"), problems);
        if (!config.at("/search/past_present_share_buffer").equals(expected.at("/search/past_present_share_buffer"))) {
            problems.add("search.past_present_share_buffer: got %s, expected false (%s)"
                    .formatted(shown(config.at("/search/past_present_share_buffer")), where()));
        }
        JsonNode longest = config.at("/search/max_length");
        if (!longest.isMissingNode() && (longest.asInt() < 1 || longest.asInt() > size.maxPositions())) {
            problems.add("search.max_length: got %s, expected 1 to %d (%s)"
                    .formatted(longest, size.maxPositions(), where()));
        }
        return "as config.json says";
    }

    private void compare(String place, JsonNode expected, List<String> problems) {
        expected.properties().forEach(entry -> {
            JsonNode got = config.at(place + "/" + entry.getKey());
            if (!entry.getValue().isObject() && !got.equals(entry.getValue())) {
                problems.add("%s.%s: got %s, expected %s (%s)"
                        .formatted(
                                place.substring(1).replace('/', '.'),
                                entry.getKey(),
                                shown(got),
                                entry.getValue(),
                                where()));
            }
        });
    }

    private static String shown(JsonNode node) {
        return node.isMissingNode() ? "nothing" : node.toString();
    }

    private String where() {
        return folder.resolve(GenaiConfig.FILE).toString();
    }
}
