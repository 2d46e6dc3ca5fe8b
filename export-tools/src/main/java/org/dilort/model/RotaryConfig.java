package org.dilort.model;

/**
 * The rotary settings of a {@code config.json}, which newer files hold in {@code rope_parameters}, older ones in {@code
 * rope_theta} and {@code rope_scaling}.
 *
 * @param theta base of the frequencies
 */
public record RotaryConfig(double theta, RotaryScaling scaling) {

    public static RotaryConfig read(ConfigJson json, double defaultTheta) {
        ConfigJson now = json.section("rope_parameters");
        double theta = json.number("rope_theta", now.number("rope_theta", defaultTheta));
        return new RotaryConfig(theta, scaling(now.has("rope_type") ? now : json.section("rope_scaling")));
    }

    private static RotaryScaling scaling(ConfigJson rope) {
        String key = rope.has("rope_type") ? "rope_type" : "type";
        return switch (rope.text(key, "default")) {
            case "default" -> new RotaryScaling.None();
            case "linear" -> new RotaryScaling.Linear(rope.number("factor"));
            case "llama3" -> llama3(rope);
            default -> throw rope.unexpected(key, "default, linear or llama3");
        };
    }

    private static RotaryScaling llama3(ConfigJson rope) {
        double low = rope.number("low_freq_factor");
        double high = rope.number("high_freq_factor");
        if (high <= low) {
            throw rope.unexpected("high_freq_factor", "more than low_freq_factor = " + low);
        }
        return new RotaryScaling.Llama3(
                rope.number("factor"), low, high, rope.number("original_max_position_embeddings"));
    }
}
