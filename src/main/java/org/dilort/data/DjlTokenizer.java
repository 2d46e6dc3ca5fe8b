package org.dilort.data;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.dilort.error.FormatException;

/**
 * Hugging Face's own tokenizer library, through DJL.
 *
 * <p>DJL has habits that this class switches off: it cuts texts at 512 tokens and pads batches unless told otherwise,
 * reads settings beside {@code tokenizer.json} by itself, and, where it sees a GPU, fetches another native library over
 * the network. So it is given the bytes of the file, with truncation and padding off, and is put into offline mode with
 * the CPU library before its first use; a user's own setting of either property stands.
 */
final class DjlTokenizer implements Tokenizer {
    static final String FILE = "tokenizer.json";
    private static final Map<String, String> OPTIONS =
            Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

    private final HuggingFaceTokenizer tokenizer;
    private final SpecialTokens specialTokens;
    private final TokenizerVocabulary vocabulary;

    private DjlTokenizer(HuggingFaceTokenizer tokenizer, SpecialTokens specialTokens, TokenizerVocabulary vocabulary) {
        this.tokenizer = tokenizer;
        this.specialTokens = specialTokens;
        this.vocabulary = vocabulary;
    }

    static DjlTokenizer open(Path folder) {
        Path file = folder.resolve(FILE);
        TokenizerSettings settings = TokenizerSettings.read(folder);
        TokenizerVocabulary vocabulary = TokenizerVocabulary.read(file, settings.texts());
        HuggingFaceTokenizer tokenizer = load(file);
        try {
            int[] dressed = toInts(tokenizer.encode("a", true, false).getIds());
            return new DjlTokenizer(tokenizer, settings.resolve(vocabulary.ids(), dressed), vocabulary);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    @Override
    public int[] encode(String text) {
        return toInts(tokenizer.encode(text, false, false).getIds());
    }

    @Override
    public String decode(int[] ids, SpecialText specialText) {
        return tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), specialText == SpecialText.SKIP);
    }

    @Override
    public SpecialTokens specialTokens() {
        return specialTokens;
    }

    @Override
    public int vocabularySize() {
        return vocabulary.size();
    }

    @Override
    public Set<String> specialTexts() {
        return vocabulary.specialTexts();
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    private static HuggingFaceTokenizer load(Path file) {
        setUnlessSet("RUST_FLAVOR", "RUST_FLAVOR", "cpu");
        setUnlessSet("DJL_OFFLINE", "ai.djl.offline", "true");
        try (InputStream in = Files.newInputStream(file)) {
            return HuggingFaceTokenizer.newInstance(in, OPTIONS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new FormatException(file + ": not a tokenizer that can be loaded: " + reason, e);
        }
    }

    private static void setUnlessSet(String variable, String property, String value) {
        if (System.getenv(variable) == null && System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private static int[] toInts(long[] ids) {
        return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
    }
}
