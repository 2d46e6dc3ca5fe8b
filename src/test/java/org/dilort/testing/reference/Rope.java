package org.dilort.testing.reference;

import java.util.Arrays;

/**
 * Rotary position embeddings (arXiv 2104.09864): dimensions i and i + n/2 of a head's first n turn together by
 * position times frequency i; the head's other dimensions stay.
 */
final class Rope {
    private final double[] frequencies;
    private final double scale;

    private Rope(double[] frequencies, double scale) {
        this.frequencies = frequencies;
        this.scale = scale;
    }

    /** Turns nothing: a layer without positions (NoPE). */
    static Rope none() {
        return new Rope(new double[0], 1);
    }

    /** @param length of the longest sequence of a run: two kinds of scaling depend on it */
    static Rope of(RopeSettings settings, ReferenceConfig config, int headSize, int length) {
        int dimensions = (int) (headSize * settings.share());
        return switch (settings.type()) {
            case "default" -> plain(dimensions, settings.theta());
            case "linear" -> plain(dimensions, settings.theta()).divided(settings.number("factor"));
            case "dynamic" -> dynamic(settings, dimensions, config.count("max_position_embeddings"), length);
            case "llama3" -> llama3(settings, dimensions);
            case "yarn" -> yarn(settings, dimensions, config);
            case "longrope", "su" -> longRope(settings, dimensions, config, length);
            default -> throw new IllegalArgumentException(settings.type());
        };
    }

    private static Rope plain(int dimensions, double theta) {
        double[] frequencies = new double[(dimensions + 1) / 2];
        Arrays.setAll(frequencies, i -> Math.pow(theta, -2.0 * i / dimensions));
        return new Rope(frequencies, 1);
    }

    private Rope divided(double factor) {
        return new Rope(Arrays.stream(frequencies).map(f -> f / factor).toArray(), scale);
    }

    /** A base that grows with the length, so that only low frequencies fall (arXiv 2309.00071, section 3.3). */
    private static Rope dynamic(RopeSettings settings, int dimensions, int trained, int length) {
        double factor = settings.number("factor");
        double growth = factor * Math.max(length, trained) / trained - (factor - 1);
        return plain(dimensions, settings.theta() * Math.pow(growth, dimensions / (dimensions - 2.0)));
    }

    /** Waves longer than original/low are stretched by the factor, those shorter than original/high stay (Llama 3.1). */
    private static Rope llama3(RopeSettings settings, int dimensions) {
        double low = settings.number("low_freq_factor");
        double high = settings.number("high_freq_factor");
        double original = settings.number("original_max_position_embeddings");
        double factor = settings.number("factor");
        double[] frequencies = plain(dimensions, settings.theta()).frequencies;
        return new Rope(
                Arrays.stream(frequencies)
                        .map(f -> {
                            double waves = original * f / (2 * Math.PI);
                            if (waves < low) {
                                return f / factor;
                            }
                            double kept = waves > high ? 1 : (waves - low) / (high - low);
                            return kept * f + (1 - kept) * f / factor;
                        })
                        .toArray(),
                1);
    }

    /**
     * YaRN (arXiv 2309.00071, section 3): a ramp from kept to divided frequencies between the dimensions that make
     * beta_fast and beta_slow turns in the original context, and a temperature of 0.1 ln(factor) + 1.
     */
    private static Rope yarn(RopeSettings settings, int dimensions, ReferenceConfig config) {
        double factor = settings.number("factor");
        double original = settings.number("original_max_position_embeddings", config.count("max_position_embeddings"));
        boolean whole = settings.scaling().path("truncate").asBoolean(true);
        double first = turningDimension(settings, "beta_fast", 32, dimensions, original);
        double last = turningDimension(settings, "beta_slow", 1, dimensions, original);
        double low = Math.max(whole ? Math.floor(first) : first, 0);
        double high = Math.min(whole ? Math.ceil(last) : last, dimensions - 1);
        double width = high == low ? 0.001 : high - low;
        double[] frequencies = plain(dimensions, settings.theta()).frequencies;
        double[] scaled = new double[frequencies.length];
        Arrays.setAll(scaled, i -> {
            double divided = Math.max(0, Math.min(1, (i - low) / width));
            return divided * frequencies[i] / factor + (1 - divided) * frequencies[i];
        });
        return new Rope(scaled, settings.number("attention_factor", temperature(settings, factor)));
    }

    private static double turningDimension(
            RopeSettings settings, String key, double defaultTurns, int dimensions, double original) {
        double turns = settings.number(key, defaultTurns);
        return dimensions * Math.log(original / (turns * 2 * Math.PI)) / (2 * Math.log(settings.theta()));
    }

    private static double temperature(RopeSettings settings, double factor) {
        double m = settings.number("mscale", 0);
        double all = settings.number("mscale_all_dim", 0);
        return m == 0 || all == 0 ? yarnScale(factor, 1) : yarnScale(factor, m) / yarnScale(factor, all);
    }

    private static double yarnScale(double factor, double m) {
        return factor <= 1 ? 1 : 0.1 * m * Math.log(factor) + 1;
    }

    /** A divisor for each frequency, one list up to the original length and one beyond it (arXiv 2402.13753). */
    private static Rope longRope(RopeSettings settings, int dimensions, ReferenceConfig config, int length) {
        double trained = config.count("max_position_embeddings");
        double original = config.number(
                "original_max_position_embeddings", settings.number("original_max_position_embeddings", trained));
        double factor = settings.number("factor", trained / original);
        double stretch = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
        var divisors = settings.scaling().path(length > original ? "long_factor" : "short_factor");
        double[] frequencies = plain(dimensions, settings.theta()).frequencies;
        Arrays.setAll(frequencies, i -> frequencies[i] / divisors.get(i).doubleValue());
        return new Rope(frequencies, settings.number("attention_factor", stretch));
    }

    /** Turns the head that begins at {@code from}. */
    void turn(double[] x, int from, int position) {
        int half = frequencies.length;
        for (int i = 0; i < half; i++) {
            double cos = scale * Math.cos(position * frequencies[i]);
            double sin = scale * Math.sin(position * frequencies[i]);
            double first = x[from + i];
            double second = x[from + half + i];
            x[from + i] = first * cos - second * sin;
            x[from + half + i] = second * cos + first * sin;
        }
    }
}
