package org.dilort.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.dilort.config.NumberSetting;
import org.dilort.heads.Head;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Heads;
import org.dilort.heads.Reduction;
import org.dilort.heads.Variant;

/** A head with the settings of {@code --set}: its keys as they stand under {@code head} in a configuration. */
final class HeadSettings {
    private static final String SECTION = "head.";

    private final Head head;
    private final Map<String, Double> coefficients = new TreeMap<>();
    private Variant variant;
    private Reduction reduction;

    private HeadSettings(Head head) {
        this.head = head;
        this.variant = head.variants().get(0);
        this.reduction = head.reductions().get(0);
    }

    static HeadSpec spec(String name, List<String> settings) {
        HeadSettings all = new HeadSettings(Heads.named(name));
        settings.forEach(all::set);
        return new HeadSpec(all.head, all.variant, all.reduction, all.coefficients);
    }

    private void set(String setting) {
        int equals = setting.indexOf('=');
        if (equals < 1) {
            throw new UsageException("--set " + setting + ": expected key=value, such as beta=0.5");
        }
        String key = setting.substring(0, equals).strip();
        String value = setting.substring(equals + 1).strip();
        String name = key.startsWith(SECTION) ? key.substring(SECTION.length()) : key;
        switch (name) {
            case "variant" -> variant = choice(setting, value, head.variants());
            case "reduction" -> reduction = choice(setting, value, head.reductions());
            default -> coefficients.put(name, number(setting, value));
        }
    }

    private static <E extends Enum<E>> E choice(String setting, String value, List<E> allowed) {
        return allowed.stream()
                .filter(one -> lower(one).equals(value))
                .findFirst()
                .orElseThrow(() -> new UsageException("--set " + setting + ": expected one of "
                        + allowed.stream().map(HeadSettings::lower).toList()));
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static double number(String setting, String value) {
        double number = NumberSetting.parse(value).orElse(Double.NaN);
        if (Double.isNaN(number)) {
            throw new UsageException("--set " + setting + ": expected a number or none");
        }
        return number;
    }
}
