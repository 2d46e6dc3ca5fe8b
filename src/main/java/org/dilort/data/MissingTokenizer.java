package org.dilort.data;

import java.nio.file.Path;
import java.util.Map;
import org.dilort.error.FormatException;

/** Stands for a tokenizer that a model folder does not have: ready-made ids need none, everything else is refused. */
final class MissingTokenizer implements Tokenizer {
    private final Path folder;
    private final SpecialTokens specialTokens;

    private MissingTokenizer(Path folder, SpecialTokens specialTokens) {
        this.folder = folder;
        this.specialTokens = specialTokens;
    }

    static MissingTokenizer open(Path folder) {
        return new MissingTokenizer(folder, TokenizerSettings.modelOnly(folder).resolve(Map.of(), new int[0]));
    }

    @Override
    public boolean readsTexts() {
        return false;
    }

    @Override
    public int[] encode(String text) {
        throw missing();
    }

    @Override
    public String decode(int[] ids, SpecialText specialText) {
        throw missing();
    }

    @Override
    public SpecialTokens specialTokens() {
        return specialTokens;
    }

    @Override
    public int vocabularySize() {
        throw missing();
    }

    @Override
    public void close() {}

    private FormatException missing() {
        return new FormatException(folder.resolve(DjlTokenizer.FILE) + ": missing; only data with ready-made token ids"
                + " (prompt_ids, chosen_ids, rejected_ids) needs no tokenizer");
    }
}
