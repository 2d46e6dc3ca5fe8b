package org.dilort.testing.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;

/**
 * The rotary settings of one kind of layer. Hugging Face has spelled them in two ways: {@code rope_theta} and
 * {@code rope_scaling} (transformers 4), or all in {@code rope_parameters}, which may hold an object for each kind of
 * layer (transformers 5).
 *
 * @param scaling the object with the further numbers of the type
 * @param share of every head that is rotated
 */
record RopeSettings(String type, double theta, double share, JsonNode scaling) {

    /** @param layerType {@code full_attention} or {@code sliding_attention} */
    static RopeSettings of(ReferenceConfig config, String layerType, double defaultTheta) {
        JsonNode parameters = config.node("rope_parameters");
        if (!parameters.isObject()) {
            JsonNode scaling = config.node("rope_scaling");
            double theta = config.number("rope_theta", defaultTheta);
            return new RopeSettings(type(scaling), theta, config.number("partial_rotary_factor", 1), scaling);
        }
        JsonNode own = parameters.path(layerType).isObject() ? parameters.path(layerType) : parameters;
        return new RopeSettings(
                type(own),
                own.path("rope_theta").asDouble(config.number("rope_theta", defaultTheta)),
                own.path("partial_rotary_factor").asDouble(config.number("partial_rotary_factor", 1)),
                own);
    }

    RopeSettings withShare(double newShare) {
        return new RopeSettings(type, theta, newShare, scaling);
    }

    RopeSettings withoutScaling(double newTheta) {
        return new RopeSettings("default", newTheta, share, NullNode.getInstance());
    }

    private static String type(JsonNode node) {
        return node.path("rope_type").asText(node.path("type").asText("default"));
    }

    double number(String key) {
        if (!scaling.path(key).isNumber()) {
            throw new IllegalArgumentException("no number " + key + " in " + scaling);
        }
        return scaling.path(key).doubleValue();
    }

    double number(String key, double defaultValue) {
        return scaling.path(key).asDouble(defaultValue);
    }
}
