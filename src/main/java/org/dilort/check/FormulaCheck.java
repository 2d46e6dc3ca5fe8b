package org.dilort.check;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.dilort.error.ConfigException;
import org.dilort.heads.FileHead;
import org.dilort.heads.Head;
import org.dilort.heads.HeadFile;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Heads;
import org.dilort.heads.Reduction;
import org.dilort.heads.Variant;

/** Holds a file whose metadata say that it is one of our heads against that head's formula. */
final class FormulaCheck {
    private static final String CHECK = "formula";

    private FormulaCheck() {}

    static Finding run(HeadProbe probe, HeadFile file) {
        Map<String, String> metadata = file.metadata();
        String name = metadata.getOrDefault("head", "");
        List<Head> ours =
                Heads.all().stream().filter(head -> head.name().equals(name)).toList();
        if (ours.isEmpty()) {
            return Finding.ok(CHECK, "metadata name none of our heads, so there is none to compare with");
        }
        Head head = ours.get(0);
        try {
            Variant variant = choice(metadata, "variant", head.variants(), Variant.values());
            Reduction reduction = choice(metadata, "reduction", head.reductions(), Reduction.values());
            Set<String> known = new HeadSpec(head, variant, reduction, Map.of())
                    .coefficients()
                    .keySet();
            Map<String, Double> coefficients = new TreeMap<>(file.coefficients());
            coefficients.keySet().retainAll(known);
            HeadSpec spec = new HeadSpec(head, variant, reduction, coefficients);
            return compare(probe, file, spec, known.size() - coefficients.size());
        } catch (ConfigException e) {
            return Finding.failed(CHECK, "metadata head = " + name + ": " + e.getMessage());
        }
    }

    /** What the metadata say, else the head's own. */
    private static <E extends Enum<E>> E choice(Map<String, String> metadata, String key, List<E> own, E[] all) {
        String text = metadata.getOrDefault(key, lower(own.get(0)));
        for (E value : all) {
            if (lower(value).equals(text)) {
                return value;
            }
        }
        throw new ConfigException(key + " is \"" + text + "\", expected one of "
                + own.stream().map(FormulaCheck::lower).toList());
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static Finding compare(HeadProbe probe, HeadFile file, HeadSpec spec, int defaults) {
        Head head = spec.head();
        HeadFormula formula = Formulas.of(head.name()).orElseThrow();
        if (!FileHead.of(file).optionalInputs().equals(head.optionalInputs())) {
            return Finding.failed(CHECK, "the file reads other inputs than " + head.name());
        }
        String text = String.join(", ", head.name(), lower(spec.variant()), lower(spec.reduction()))
                + (defaults == 0 ? "" : ", " + defaults + " coefficients at their defaults") + ": ";
        FormulaComparison strict = compared(probe, formula, spec, new WorstErrors());
        if (strict.errors().withinTolerance()) {
            return Finding.ok(CHECK, text + errors(strict));
        }
        FormulaComparison lenient = compared(probe, formula, spec, WorstErrors.withFloors());
        return lenient.errors().withinTolerance()
                ? Finding.warning(CHECK, text + "equal but for the digits of numbers near 0, where " + errors(strict))
                : Finding.failed(CHECK, text + errors(lenient));
    }

    private static FormulaComparison compared(HeadProbe probe, HeadFormula formula, HeadSpec spec, WorstErrors errors) {
        FormulaComparison comparison = new FormulaComparison(errors);
        HeadBatches.forFormula(spec.head().scope())
                .forEach(batch -> comparison.compare(probe, formula, new FormulaInputs(spec, batch)));
        return comparison;
    }

    private static String errors(FormulaComparison comparison) {
        return "losses and rewards within "
                + OwnHeadsCheck.number(comparison.errors().loss()) + ", gradients within "
                + OwnHeadsCheck.number(comparison.errors().gradient()) + ", " + comparison.cases() + " pairs";
    }
}
