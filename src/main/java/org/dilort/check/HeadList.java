package org.dilort.check;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.dilort.chart.TextTable;
import org.dilort.heads.Coefficient;
import org.dilort.heads.Head;

/** All heads with what a user chooses among them by. */
public final class HeadList {
    private HeadList() {}

    /** A header and a line for each head. */
    public static List<String> lines(List<Head> heads) {
        TextTable table =
                new TextTable("head", "formula", "scope", "reference", "reductions", "variants", "coefficients");
        for (Head head : heads) {
            table.add(
                    head.name(),
                    head.formula(),
                    lower(head.scope()),
                    head.needsReference() ? "yes" : "no",
                    join(head.reductions()),
                    join(head.variants()),
                    head.coefficients().stream().map(HeadList::text).collect(Collectors.joining(", ")));
        }
        return table.lines();
    }

    private static String text(Coefficient coefficient) {
        return String.format(
                Locale.ROOT,
                "%s=%s [%s, %s]",
                coefficient.name(),
                coefficient.defaultValue(),
                coefficient.min(),
                coefficient.max());
    }

    private static String join(List<? extends Enum<?>> values) {
        return values.stream().map(HeadList::lower).collect(Collectors.joining(", "));
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
