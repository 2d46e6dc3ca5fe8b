package org.dilort.export;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.dilort.data.TokenizedPair;
import org.dilort.model.CausalLm;
import org.dilort.onnx.OnnxModelFile;
import org.dilort.runtime.SessionSettings;

/** Whether the variants of a sound export are what their names say. */
record VariantCheck(Path folder, Checklist list) {

    /** How near to the float32 model a variant must be: KL of its predictions, nats a token. This finds broken files, not bad models. */
    private static double greatestKl(Variant variant) {
        return switch (variant) {
            case FP16 -> 1e-3;
            case Q8 -> 0.1;
            case Q4 -> 1;
        };
    }

    void run(Variant variant, CausalLm model, SessionSettings settings) {
        String label = variant.label() + " ";
        Optional<OnnxModelFile> read = list.read(
                label + "model file",
                () -> OnnxModelFile.read(folder.resolve(variant.file())),
                found -> found.nodes().size() + " nodes, " + found.tensors().size() + " tensors");
        if (read.isEmpty()) {
            return;
        }
        OnnxModelFile graph = read.get();
        FilesCheck files = new FilesCheck(folder);
        boolean complete = list.check(label + "external data", problems -> files.externalData(graph, problems));
        list.check(label + "transformers.js", problems -> files.transformersJs(graph, problems));
        boolean fits = list.check(
                label + "graph contract", problems -> GraphContract.of(model).check(graph, problems));
        if (!complete || !fits) {
            list.skip(label + "logits", "the graph cannot be trusted to run");
            return;
        }
        list.check(label + "logits", problems -> logits(variant, settings, problems));
        if (variant == Variant.Q8) {
            list.skip(label + "cached decoding", "a scale for each call makes it differ");
        } else {
            list.check(label + "cached decoding", problems -> decoding(variant, settings, problems));
        }
    }

    private String logits(Variant variant, SessionSettings settings, List<String> problems) {
        try (DecoderSession whole = DecoderSession.ofExport(folder, settings);
                DecoderSession form = DecoderSession.of(new ModelPlace(folder, variant.file()), settings)) {
            int[] ids = DecodingCheck.fixedIds(whole.size());
            int[] first = {ids[0]};
            int[] rest = Arrays.copyOfRange(ids, 1, ids.length);
            List<TokenizedPair> pair = List.of(new TokenizedPair(0, first, rest, new int[0]));
            double kl = LogitsComparison.of(whole, form, SequenceRows.groups(pair, ids.length), 2)
                    .kl();
            if (!(kl <= greatestKl(variant))) {
                problems.add(String.format(
                        Locale.ROOT,
                        "%s: KL from %s is %.2e nats per token, expected at most %.0e",
                        variant.file(),
                        ExportFolder.MODEL,
                        kl,
                        greatestKl(variant)));
            }
            return String.format(Locale.ROOT, "KL from float32 %.1e nats per token", kl);
        }
    }

    /** What is rounded to float16 on the way differs in its last digit, which is 2^-11 of a number. */
    private String decoding(Variant variant, SessionSettings settings, List<String> problems) {
        double tolerance = variant == Variant.FP16 ? 1e-2 : DecodingCheck.TOLERANCE;
        try (DecoderSession form = DecoderSession.of(new ModelPlace(folder, variant.file()), settings)) {
            return new DecodingCheck(form, variant.file(), tolerance).cache(problems);
        }
    }
}
