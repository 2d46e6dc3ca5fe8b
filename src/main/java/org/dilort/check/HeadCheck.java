package org.dilort.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dilort.heads.Coefficient;
import org.dilort.heads.Head;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Reduction;
import org.dilort.heads.Variant;

/**
 * One head in one reduction and variant against its formula in float64: losses, rewards and gradients on a grid of
 * log-ratios, on random pairs and on extremes, with default coefficients, without cap, and with others.
 */
final class HeadCheck {
    /** What a coefficient is set to where half of its default is none. */
    private static final double INSTEAD_OF_ZERO = 0.2;

    /** Values at which a formula has a limit of its own. */
    private static final Map<String, List<Double>> LIMITS =
            Map.of("order", List.of(0.0, 1.0, 2.0), "f_alpha", List.of(1.0));

    private final Head head;
    private final Variant variant;
    private final Reduction reduction;
    private final FormulaComparison comparison = new FormulaComparison(new WorstErrors());

    private HeadCheck(Head head, Variant variant, Reduction reduction) {
        this.head = head;
        this.variant = variant;
        this.reduction = reduction;
    }

    /**
     * @param cases pairs that were compared
     * @param formula whether there is a formula to compare with
     */
    record Outcome(int cases, WorstErrors errors, boolean formula) {
        boolean passed() {
            return formula && errors.withinTolerance();
        }
    }

    static Outcome run(Head head, Variant variant, Reduction reduction) {
        return Formulas.of(head.name())
                .map(formula -> new HeadCheck(head, variant, reduction).against(formula))
                .orElseGet(() -> new Outcome(0, new WorstErrors(), false));
    }

    private Outcome against(HeadFormula formula) {
        List<HeadBatch> batches = HeadBatches.forFormula(head.scope());
        for (Map<String, Double> coefficients : settings()) {
            HeadSpec spec = new HeadSpec(head, variant, reduction, coefficients);
            try (HeadProbe probe = HeadProbe.of(spec)) {
                batches.forEach(batch -> comparison.compare(probe, formula, new FormulaInputs(spec, batch)));
            }
        }
        return new Outcome(comparison.cases(), comparison.errors(), true);
    }

    private List<Map<String, Double>> settings() {
        List<Coefficient> coefficients = new ArrayList<>(head.coefficients());
        coefficients.addAll(variant.coefficients());
        List<Map<String, Double>> settings = new ArrayList<>(List.of(Map.of()));
        Map<String, Double> others = new TreeMap<>();
        for (Coefficient coefficient : coefficients) {
            String name = coefficient.name();
            others.put(name, coefficient.defaultValue() == 0 ? INSTEAD_OF_ZERO : coefficient.defaultValue() / 2);
            LIMITS.getOrDefault(name, List.of()).forEach(limit -> settings.add(Map.of(name, limit)));
            if (coefficient.max() == Double.POSITIVE_INFINITY) {
                settings.add(Map.of(name, Double.POSITIVE_INFINITY));
            }
        }
        if (!others.isEmpty()) {
            settings.add(others);
        }
        return settings;
    }
}
