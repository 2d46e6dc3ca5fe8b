package org.dilort.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The models of a server by name; one at least. They stay their owner's. */
public record Models(Map<String, AlignedModel> byName) {

    public Models {
        byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
        if (byName.isEmpty()) {
            throw new IllegalArgumentException("no models");
        }
    }

    /** A model and what it is called. */
    record Named(String name, AlignedModel model) {}

    /** The model of the name, or the first: clients that know one model send whatever name they like. */
    Named named(String wanted) {
        AlignedModel known = byName.get(wanted);
        if (known != null) {
            return new Named(wanted, known);
        }
        Map.Entry<String, AlignedModel> first = byName.entrySet().iterator().next();
        return new Named(first.getKey(), first.getValue());
    }

    /** As {@code /v1/models} lists them. */
    ObjectNode list() {
        ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
        ArrayNode data = list.putArray("data");
        byName.keySet()
                .forEach(name -> data.addObject()
                        .put("id", name)
                        .put("object", "model")
                        .put("created", 0)
                        .put("owned_by", "dil-ort"));
        return list;
    }
}
