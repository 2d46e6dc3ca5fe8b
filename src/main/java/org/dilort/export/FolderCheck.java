package org.dilort.export;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.dilort.error.FormatException;
import org.dilort.model.Architectures;
import org.dilort.model.CausalLm;
import org.dilort.model.ModelSize;
import org.dilort.onnx.OnnxModelFile;
import org.dilort.runtime.SessionSettings;

/**
 * Reads an export as its consumers would. A check that needs what an earlier one found broken is skipped, so one damage
 * gives few lines, and a native session only opens a file that was read here first.
 */
public final class FolderCheck {
    private static final String MODEL = "model file";
    private static final String CONTRACT = "graph contract";
    private static final String EXTERNAL = "external data";
    private static final String HASHES = "hashes";
    private static final String TRANSFORMERS_JS = "transformers.js";

    private final Path folder;
    private final Checklist list;

    private FolderCheck(Path folder, Checklist list) {
        this.folder = folder;
        this.list = list;
    }

    /** @throws FormatException for a folder that is no export at all */
    public static void run(Path folder, SessionSettings settings, Checklist list) {
        for (String name : new String[] {ExportFolder.MODEL, CompanionFiles.CONFIG}) {
            if (!Files.isRegularFile(folder.resolve(name))) {
                throw new FormatException(folder + ": no " + name + ", expected an export folder");
            }
        }
        new FolderCheck(folder.toAbsolutePath().normalize(), list).run(settings);
    }

    /** At least two ids of a model, spread over its vocabulary, no more than its context takes. */
    public static int[] fixedIds(ModelSize size) {
        return DecodingCheck.fixedIds(size);
    }

    private void run(SessionSettings settings) {
        list.check("files", new FilesCheck(folder)::required);
        Optional<CausalLm> model =
                list.read("config.json", () -> Architectures.read(folder), found -> describe(found.size()));
        Optional<OnnxModelFile> graph = list.read(
                MODEL,
                () -> OnnxModelFile.read(folder.resolve(ExportFolder.MODEL)),
                found -> found.nodes().size() + " nodes, " + found.tensors().size() + " tensors");
        boolean whole = checkData(graph);
        boolean fits = checkContract(model, graph);
        checkGenai(model, graph);
        if (whole && fits) {
            checkDecoding(settings);
        } else {
            list.skip("cached decoding", "the graph cannot be trusted to run");
            list.skip("padding", "the graph cannot be trusted to run");
        }
        if (whole && fits) {
            VariantCheck variants = new VariantCheck(folder, list);
            Variant.in(folder).forEach(variant -> variants.run(variant, model.orElseThrow(), settings));
        }
        checkTokenizer(model);
    }

    /** Whether all bytes are there and, where the card has hashes, as they were written. */
    private boolean checkData(Optional<OnnxModelFile> graph) {
        FilesCheck files = new FilesCheck(folder);
        boolean complete = false;
        if (graph.isPresent()) {
            complete = list.check(EXTERNAL, problems -> files.externalData(graph.get(), problems));
            list.check(TRANSFORMERS_JS, problems -> files.transformersJs(graph.get(), problems));
        } else {
            list.skip(EXTERNAL, "no graph");
            list.skip(TRANSFORMERS_JS, "no graph");
        }
        if (!complete) {
            list.skip(HASHES, "the model is not complete");
            return false;
        }
        Path card = folder.resolve(ExportFolder.CARD);
        FileHashes hashes = FileHashes.parse(Files.isRegularFile(card) ? FolderFiles.readText(card) : "");
        if (hashes.hashes().isEmpty()) {
            list.skip(HASHES, ExportFolder.CARD + " has none");
            return true;
        }
        return list.check(HASHES, problems -> hashes.check(folder, problems));
    }

    private boolean checkContract(Optional<CausalLm> model, Optional<OnnxModelFile> graph) {
        if (model.isEmpty() || graph.isEmpty()) {
            list.skip(CONTRACT, "needs config.json and the graph");
            return false;
        }
        return list.check(CONTRACT, problems -> GraphContract.of(model.get()).check(graph.get(), problems));
    }

    private void checkGenai(Optional<CausalLm> model, Optional<OnnxModelFile> graph) {
        if (!Files.isRegularFile(folder.resolve(GenaiConfig.FILE))) {
            list.skip("genai", "no " + GenaiConfig.FILE);
            return;
        }
        Optional<GenaiCheck> genai = list.read("genai file", () -> GenaiCheck.read(folder), found -> "a JSON object");
        if (genai.isEmpty()) {
            return;
        }
        list.check("genai keys", genai.get()::keys);
        if (model.isEmpty() || graph.isEmpty()) {
            list.skip("genai names and sizes", "need config.json and the graph");
            return;
        }
        ModelSize size = model.get().size();
        list.check("genai names", problems -> genai.get().names(graph.get(), size.layers(), problems));
        list.check("genai sizes", problems -> genai.get().sizes(size, problems));
    }

    private void checkDecoding(SessionSettings settings) {
        Optional<DecoderSession> session = list.read(
                "session", () -> DecoderSession.ofExport(folder, settings), found -> "ONNX Runtime loads the model");
        if (session.isEmpty()) {
            return;
        }
        try (DecoderSession open = session.get()) {
            DecodingCheck decoding = new DecodingCheck(open, ExportFolder.MODEL, DecodingCheck.TOLERANCE);
            list.check("cached decoding", decoding::cache);
            list.check("padding", decoding::padding);
        }
    }

    private void checkTokenizer(Optional<CausalLm> model) {
        int vocabulary = model.map(found -> found.size().vocabulary()).orElse(Integer.MAX_VALUE);
        TokenizerCheck tokenizer = new TokenizerCheck(folder, vocabulary);
        if (Files.isRegularFile(folder.resolve("tokenizer.json"))) {
            list.check("tokenizer", tokenizer::roundTrip);
            list.check("special ids", tokenizer::specialIds);
        } else {
            list.skip("tokenizer", "no tokenizer.json");
            list.skip("special ids", "no tokenizer.json");
        }
        list.check("chat template", tokenizer::template);
    }

    private static String describe(ModelSize size) {
        return "%d layers, hidden size %d, %d heads, vocabulary %d"
                .formatted(size.layers(), size.hidden(), size.heads(), size.vocabulary());
    }
}
