package org.dilort.check;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The formula of every head. */
final class Formulas {
    private static final Map<String, HeadFormula> ALL = table();

    private Formulas() {}

    private static Map<String, HeadFormula> table() {
        Map<String, HeadFormula> all = new HashMap<>(BregmanFormulas.all());
        all.putAll(PairFormulas.all());
        all.putAll(StepFormulas.all());
        all.put("ld_dpo", new LdDpoFormula());
        return Map.copyOf(all);
    }

    static Optional<HeadFormula> of(String head) {
        return Optional.ofNullable(ALL.get(head));
    }
}
