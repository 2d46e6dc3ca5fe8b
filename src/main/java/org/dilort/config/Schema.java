package org.dilort.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The keys of a section, read off its record. */
final class Schema {

    /**
     * Sections that a configuration may leave out, or set to {@code none}; with the keys of which they need one when
     * present.
     */
    static final Map<Class<?>, List<String>> OPTIONAL = Map.of(
            LoraConfig.class, List.of("rank", "adapter"),
            GenerateConfig.class, List.of("answer_pattern"),
            BestConfig.class, List.of("metric"),
            MlflowConfig.class, List.of("url"));

    private Schema() {}

    /** Key to type, in the order of the components; coefficients of a head have no keys of their own. */
    static Map<String, Class<?>> keys(Class<?> section) {
        Map<String, Class<?>> keys = new LinkedHashMap<>();
        for (RecordComponent component : section.getRecordComponents()) {
            if (!Map.class.isAssignableFrom(component.getType())) {
                keys.put(key(component), component.getType());
            }
        }
        return keys;
    }

    static boolean isSection(Class<?> type) {
        return Section.class.isAssignableFrom(type);
    }

    /** Every key of a configuration, dotted. */
    static List<String> allKeys() {
        List<String> all = new ArrayList<>();
        collect("", Config.class, all);
        return all;
    }

    private static void collect(String prefix, Class<?> section, List<String> all) {
        keys(section).forEach((name, type) -> {
            String key = ConfigTree.join(prefix, name);
            if (key.equals("head")) {
                collect(key, HeadConfig.class, all);
            } else if (isSection(type)) {
                collect(key, type, all);
            } else {
                all.add(key);
            }
        });
    }

    private static String key(RecordComponent component) {
        JsonProperty given = component.getAccessor().getAnnotation(JsonProperty.class);
        return given != null
                ? given.value()
                : PropertyNamingStrategies.SnakeCaseStrategy.INSTANCE.translate(component.getName());
    }
}
