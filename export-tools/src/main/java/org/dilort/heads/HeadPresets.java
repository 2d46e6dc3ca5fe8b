package org.dilort.heads;

import java.util.List;
import java.util.Map;
import org.dilort.error.ConfigException;
import org.dilort.error.Nearest;

/**
 * All presets. Learning rates are no part of a head, so a preset's source tells them and does not set them.
 *
 * <p>{@code dil-paper} and {@code dil-authors} differ in what f is: the paper's is the log-ratio of the sequence, a sum
 * over tokens, the published code's the mean over tokens, for DPO too, with beta 1 and nothing against overflow. Neither
 * caps an exponent; with the sum, {@code exp_cap: 30} beside the preset is the same formula up to f = 30 (LSIF's
 * rejected side: 15) and finite beyond.
 */
public final class HeadPresets {
    private static final double NONE = Double.POSITIVE_INFINITY;

    private static final List<HeadPreset> ALL = List.of(
            new HeadPreset(
                    "dil-paper",
                    bregman(),
                    Variant.POINTWISE,
                    Reduction.SUM,
                    Map.of("beta", 1.0, "shift", 0.0, "exp_cap", NONE),
                    "DIL, arXiv 2503.05079: the formula"),
            new HeadPreset(
                    "dil-authors",
                    List.of("lsif", "ukl", "bce", "dpo"),
                    Variant.POINTWISE,
                    Reduction.MEAN,
                    Map.of("beta", 1.0, "shift", 0.0, "exp_cap", NONE, "label_smoothing", 0.0),
                    "DIL's code, github tengxiao1/DIL, scripts/dpo_trainer.py; learning rates 3e-7 to 1e-6"),
            new HeadPreset(
                    "gsil",
                    List.of("lsif", "ukl", "bce"),
                    Variant.POINTWISE,
                    Reduction.SUM,
                    Map.of("beta", 0.01, "shift", 2.0, "exp_cap", NONE),
                    "GSIL's script, github tengxiao1/GSIL, arXiv 2410.10093: f = 0.01 q + 2"),
            new HeadPreset(
                    "dpo-ultrafeedback",
                    List.of("dpo"),
                    Variant.POINTWISE,
                    Reduction.SUM,
                    Map.of("beta", 0.01, "label_smoothing", 0.0),
                    "SimPO's README, best DPO on Mistral-Base and Llama3-Base; learning rate 5e-7"),
            new HeadPreset(
                    "simpo-mistral",
                    List.of("simpo"),
                    Variant.POINTWISE,
                    Reduction.MEAN,
                    Map.of("beta", 2.0, "gamma", 1.6),
                    "SimPO's README, Mistral-Base: gamma/beta 0.8; learning rate 3e-7"),
            new HeadPreset(
                    "simpo-llama3",
                    List.of("simpo"),
                    Variant.POINTWISE,
                    Reduction.MEAN,
                    Map.of("beta", 2.0, "gamma", 1.0),
                    "SimPO's README, Llama3-Base: gamma/beta 0.5; learning rate 6e-7"));

    private HeadPresets() {}

    public static List<HeadPreset> all() {
        return ALL;
    }

    /** A head as it is without preset. */
    public static HeadPreset none(Head head) {
        return new HeadPreset(
                "none",
                List.of(head.name()),
                head.variants().get(0),
                head.reductions().get(0),
                Map.of(),
                "the head's defaults");
    }

    /** @throws ConfigException if there is none of that name or it is for other heads */
    public static HeadPreset named(String name, Head head) {
        HeadPreset preset = ALL.stream()
                .filter(known -> known.name().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name));
        if (!preset.heads().contains(head.name())) {
            throw new ConfigException("head.preset: " + name + " is for " + String.join(", ", preset.heads())
                    + ", and head.name is " + head.name());
        }
        return preset;
    }

    private static ConfigException unknown(String name) {
        List<String> names = ALL.stream().map(HeadPreset::name).toList();
        String hint = Nearest.to(name, names)
                .map(nearest -> "did you mean " + nearest + "?")
                .orElse("expected none or one of " + names);
        return new ConfigException("head.preset: got \"" + name + "\"; " + hint);
    }

    private static List<String> bregman() {
        return Heads.all().stream()
                .filter(head -> head instanceof BregmanHead)
                .map(Head::name)
                .toList();
    }
}
