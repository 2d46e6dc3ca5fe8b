package org.dilort.job;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.dilort.config.Config;
import org.dilort.config.HeadConfig;
import org.dilort.config.NumberSetting;
import org.dilort.error.ConfigException;
import org.dilort.heads.FileHead;
import org.dilort.heads.Head;
import org.dilort.heads.HeadFile;
import org.dilort.heads.HeadPreset;
import org.dilort.heads.HeadPresets;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Heads;
import org.dilort.heads.Objective;
import org.dilort.heads.Reduction;
import org.dilort.heads.Variant;

/** The {@code head} section of a configuration as what the run minimises. */
final class Objectives {
    private static final String KEY = "head";

    /** A name that ends so is a user's own head. */
    private static final String FILE_ENDING = ".onnx";

    private Objectives() {}

    /** @throws ConfigException naming the key, of a list with its number */
    static Objective of(Config config) {
        List<Objective.Term> terms = new ArrayList<>();
        for (int i = 0; i < config.heads().size(); i++) {
            HeadConfig head = config.heads().get(i);
            try {
                terms.add(new Objective.Term(spec(head), head.weight()));
            } catch (ConfigException e) {
                throw located(e, config.headKey(i));
            }
        }
        return new Objective(terms);
    }

    /** A text for each head: its name, weight, reduction and coefficients. */
    static List<String> words(Objective objective) {
        return objective.terms().stream().map(Objectives::words).toList();
    }

    private static String words(Objective.Term term) {
        HeadSpec head = term.spec();
        String weight = term.weight() == 1 ? "" : " times " + term.weight();
        return head.head().name() + weight + " (" + head.reduction().name().toLowerCase(Locale.ROOT) + "), "
                + head.coefficients();
    }

    private static ConfigException located(ConfigException e, String key) {
        String message = e.getMessage();
        return message.startsWith(KEY + ".") ? new ConfigException(key + message.substring(KEY.length()), e) : e;
    }

    private static HeadSpec spec(HeadConfig chosen) {
        Head head = head(chosen.name());
        HeadPreset preset = chosen.hasPreset() ? HeadPresets.named(chosen.preset(), head) : HeadPresets.none(head);
        Reduction reduction = switch (chosen.reduction()) {
            case AUTO -> preset.reduction();
            case SUM -> Reduction.SUM;
            case MEAN -> Reduction.MEAN;
        };
        Variant variant = switch (chosen.variant()) {
            case AUTO -> preset.variant();
            case POINTWISE -> Variant.POINTWISE;
            case PAIRWISE -> Variant.PAIRWISE;
            case MIXTURE -> Variant.MIXTURE;
            case RELATIVE -> Variant.RELATIVE;
        };
        Map<String, Double> coefficients = new TreeMap<>(preset.coefficientsOf(head));
        coefficients.putAll(chosen.coefficients());
        putIfGiven(coefficients, "beta", chosen.beta());
        putIfGiven(coefficients, "exp_cap", chosen.expCap());
        return new HeadSpec(head, variant, reduction, coefficients);
    }

    private static Head head(String name) {
        if (!name.endsWith(FILE_ENDING)) {
            return Heads.named(name);
        }
        try {
            return FileHead.of(HeadFile.read(Path.of(name)));
        } catch (InvalidPathException e) {
            throw new ConfigException("head.name: got a file name that cannot be: " + e.getReason(), e);
        }
    }

    private static void putIfGiven(Map<String, Double> coefficients, String name, NumberSetting setting) {
        if (!setting.equals(NumberSetting.auto())) {
            coefficients.put(name, setting.orElse(Double.NaN));
        }
    }
}
