package org.dilort.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.dilort.export.VariantEffect;

/** What variants do to a model, as a table for the console and for the model card. */
final class VariantTable {
    private static final double MEGABYTE = 1e6;

    private VariantTable() {}

    static List<String> of(List<VariantEffect> effects, int pairs) {
        List<String> lines = new ArrayList<>();
        lines.add("| file | MB | tokens/s | accuracy | changed | KL, nats/token | perplexity |");
        lines.add("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        for (VariantEffect effect : effects) {
            lines.add(String.format(
                    Locale.ROOT,
                    "| %s | %.2f | %.0f | %s | %d of %d | %.2e | %.4f |",
                    effect.file(),
                    effect.bytes() / MEGABYTE,
                    effect.tokensPerSecond(),
                    effect.comparable() == 0 ? "-" : String.format(Locale.ROOT, "%.4f", effect.right()),
                    effect.flipped(),
                    effect.comparable(),
                    effect.kl(),
                    effect.perplexity()));
        }
        lines.add("");
        lines.add(pairs
                + " pairs. Accuracy: the chosen response is the likelier one; changed: pairs with another verdict than in"
                + " float32; perplexity: of the chosen responses.");
        return lines;
    }
}
