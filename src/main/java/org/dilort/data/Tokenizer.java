package org.dilort.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Text to token ids and back, as the model was trained with; thread-safe. */
public interface Tokenizer extends AutoCloseable {

    /**
     * The tokenizer of a Hugging Face folder. A folder without {@code tokenizer.json} gives one that knows the special
     * tokens of {@code config.json} and refuses texts, which is enough for ready-made ids.
     */
    static Tokenizer open(Path folder) {
        if (Files.exists(folder.resolve(DjlTokenizer.FILE))) {
            return DjlTokenizer.open(folder);
        }
        return MissingTokenizer.open(folder);
    }

    /** Whether this is a tokenizer, and does not only stand for one that is missing. */
    default boolean readsTexts() {
        return true;
    }

    /** Token ids of the text alone: nothing is added, nothing is cut. */
    int[] encode(String text);

    String decode(int[] ids, SpecialText specialText);

    SpecialTokens specialTokens();

    /** Texts that become one special token wherever they stand. */
    default Set<String> specialTexts() {
        return Set.of();
    }

    /** One more than the greatest id; a model may have more rows than that. */
    int vocabularySize();

    @Override
    void close();

    /** What becomes of special tokens when ids are decoded. */
    enum SpecialText {
        KEEP,
        SKIP
    }
}
