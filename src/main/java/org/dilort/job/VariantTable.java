package org.dilort.job;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.dilort.export.VariantEffect;
import org.dilort.files.DurableFiles;

/** What variants do to a model, as a table for the console and for the model card, and as JSON. */
record VariantTable(List<VariantEffect> effects, int pairs) {
    private static final double MEGABYTE = 1e6;

    VariantTable {
        effects = List.copyOf(effects);
    }

    List<String> lines() {
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

    /** {@code {"pairs", "forms": [{"file", "bytes", ...}]}}, without what no rejected response leaves undefined. */
    void write(Path file) {
        ObjectNode root = JsonNodeFactory.instance.objectNode().put("pairs", pairs);
        ArrayNode forms = root.putArray("forms");
        effects.forEach(effect -> forms.add(json(effect)));
        try {
            DurableFiles.replace(file, (root.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written", e);
        }
    }

    private static ObjectNode json(VariantEffect effect) {
        ObjectNode form = JsonNodeFactory.instance
                .objectNode()
                .put("file", effect.file())
                .put("bytes", effect.bytes())
                .put("tokens_per_second", effect.tokensPerSecond())
                .put("kl", effect.kl())
                .put("perplexity", effect.perplexity())
                .put("compared", effect.comparable())
                .put("changed", effect.flipped());
        return effect.comparable() == 0 ? form : form.put("accuracy", effect.right());
    }
}
