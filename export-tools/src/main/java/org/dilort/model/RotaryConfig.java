package org.dilort.model;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The rotary settings of a {@code config.json}, which newer files hold in {@code rope_parameters}, older ones in {@code
 * rope_theta} and {@code rope_scaling}.
 *
 * @param dimensions how many dimensions of a head are rotated
 * @param theta base of the frequencies
 */
public record RotaryConfig(int dimensions, double theta, RotaryScaling scaling) {
    private static final String NOW = "rope_parameters";
    private static final String FACTOR = "factor";
    private static final Set<String> BY_LENGTH = Set.of("dynamic", "longrope", "su");
    private static final String ORIGINAL = "original_max_position_embeddings";

    /**
     * What a family knows before it reads the settings.
     *
     * @param theta where the configuration has none
     * @param maxPositions the configuration's own
     */
    public record Basis(int dimensions, double theta, int maxPositions, RunLength length) {
        public static Basis of(ModelSize size, double theta, RunLength length) {
            return new Basis(size.headSize(), theta, size.maxPositions(), length);
        }

        public Basis withDimensions(int newDimensions) {
            return new Basis(newDimensions, theta, maxPositions, length);
        }
    }

    public static RotaryConfig read(ConfigJson json, Basis basis) {
        ConfigJson now = json.section(NOW);
        double theta = json.number("rope_theta", now.number("rope_theta", basis.theta()));
        ConfigJson scaled = now.has("rope_type") ? now : json.section("rope_scaling");
        return new RotaryConfig(basis.dimensions(), theta, scaling(json, scaled, basis));
    }

    /** The settings of one section, such as those that a model has for one kind of its layers. */
    public static RotaryConfig read(ConfigJson json, ConfigJson section, Basis basis) {
        double theta = section.number("rope_theta", basis.theta());
        return new RotaryConfig(basis.dimensions(), theta, scaling(json, section, basis));
    }

    /** How many dimensions of a head are rotated, of which the configuration gives the share, under {@code oldKey} if it is old. */
    public static int dimensions(ConfigJson json, String oldKey, int headSize, double defaultShare) {
        double share = json.section(NOW).number("partial_rotary_factor", json.number(oldKey, defaultShare));
        int dimensions = (int) (headSize * share);
        if (share > 1 || dimensions < 2 || dimensions % 2 != 0) {
            throw json.failure(
                    oldKey,
                    "got " + share + " of heads of " + headSize
                            + ", expected at most 1 and an even number of dimensions");
        }
        return dimensions;
    }

    /** The size of a model with these settings: its positions are those that the settings are for. */
    public ModelSize bounded(ModelSize size) {
        return size.withMaxPositions(scaling.positions(size.maxPositions()));
    }

    /** Whether a model has factors that {@link RunLength} decides, in the settings for all layers or for one kind of them. */
    public static boolean dependsOnLength(ConfigJson json) {
        return Stream.of(json.section(NOW), json.section("rope_scaling"))
                .flatMap(settings -> Stream.concat(Stream.of(settings), settings.sections().stream()))
                .anyMatch(settings -> BY_LENGTH.contains(settings.text(kindKey(settings), "default")));
    }

    private static String kindKey(ConfigJson rope) {
        return rope.has("rope_type") ? "rope_type" : "type";
    }

    private static RotaryScaling scaling(ConfigJson json, ConfigJson rope, Basis basis) {
        String key = kindKey(rope);
        return switch (rope.text(key, "default")) {
            case "default" -> new RotaryScaling.None();
            case "linear" -> new RotaryScaling.Linear(rope.number(FACTOR));
            case "llama3" -> llama3(rope);
            case "dynamic" -> dynamic(rope, basis);
            case "yarn" -> yarn(rope, basis);
            case "longrope", "su" -> longRope(json, rope, basis);
            default -> throw rope.unexpected(key, "one of [default, dynamic, linear, llama3, longrope, yarn]");
        };
    }

    private static RotaryScaling llama3(ConfigJson rope) {
        double low = rope.number("low_freq_factor");
        double high = rope.number("high_freq_factor");
        if (high <= low) {
            throw rope.unexpected("high_freq_factor", "more than low_freq_factor = " + low);
        }
        return new RotaryScaling.Llama3(rope.number(FACTOR), low, high, rope.number(ORIGINAL));
    }

    private static RotaryScaling dynamic(ConfigJson rope, Basis basis) {
        if (basis.dimensions() == 2) {
            throw rope.failure("rope_type", "dynamic scaling of 2 dimensions, expected at least 4");
        }
        return new RotaryScaling.DynamicNtk(
                atLeastOne(rope), basis.maxPositions(), basis.length().tokens());
    }

    private static RotaryScaling yarn(ConfigJson rope, Basis basis) {
        double original = rope.number(ORIGINAL, basis.maxPositions());
        double factor = rope.has(FACTOR) ? atLeastOne(rope) : Math.max(1, basis.maxPositions() / original);
        double scale = rope.number("attention_factor", yarnScale(rope, factor));
        double fast = rope.number("beta_fast", 32);
        double slow = rope.number("beta_slow", 1);
        if (!rope.flag("truncate", true)) {
            throw rope.unexpected("truncate", "true");
        }
        if (slow > fast) {
            throw rope.unexpected("beta_slow", "at most beta_fast = " + fast);
        }
        return new RotaryScaling.Yarn(factor, original, fast, slow, scale);
    }

    private static double yarnScale(ConfigJson rope, double factor) {
        boolean given = rope.has("mscale") && rope.has("mscale_all_dim");
        return given
                ? yarnScale(factor, rope.number("mscale")) / yarnScale(factor, rope.number("mscale_all_dim"))
                : yarnScale(factor, 1);
    }

    private static double yarnScale(double factor, double weight) {
        return 0.1 * weight * Math.log(factor) + 1;
    }

    private static double atLeastOne(ConfigJson rope) {
        double factor = rope.number(FACTOR);
        if (factor < 1) {
            throw rope.unexpected(FACTOR, "a number >= 1");
        }
        return factor;
    }

    /** The original context stands in the section or, in older files, beside it. */
    private static RotaryScaling longRope(ConfigJson json, ConfigJson rope, Basis basis) {
        int original = rope.has(ORIGINAL) ? rope.count(ORIGINAL) : json.count(ORIGINAL, basis.maxPositions());
        double factor = rope.number(FACTOR, (double) basis.maxPositions() / original);
        double stretch = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
        double scale = rope.number("attention_factor", stretch);
        List<Double> shortFactors = factors(rope, "short_factor", basis);
        List<Double> longFactors = factors(rope, "long_factor", basis);
        return basis.length().tokens() <= original
                ? new RotaryScaling.LongRope(shortFactors, scale, Math.min(original, basis.maxPositions()))
                : new RotaryScaling.LongRope(longFactors, scale, basis.maxPositions());
    }

    private static List<Double> factors(ConfigJson rope, String key, Basis basis) {
        List<Double> factors = rope.numbers(key);
        if (factors.size() != basis.dimensions() / 2) {
            throw rope.failure(
                    key,
                    "got " + factors.size() + " numbers, expected " + basis.dimensions() / 2
                            + ", one for each pair of dimensions");
        }
        return factors;
    }
}
