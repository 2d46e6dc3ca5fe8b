package org.dilort.serve;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.dilort.data.ChatTemplate;
import org.dilort.data.ChatTemplate.GenerationPrompt;
import org.dilort.data.ChatTemplates;
import org.dilort.data.Message;
import org.dilort.export.Generation;
import org.dilort.export.GenerationSettings;
import org.dilort.export.Generator;
import org.dilort.export.ModelPlace;
import org.dilort.export.Next;
import org.dilort.export.ScoredToken;
import org.dilort.export.TextListener;
import org.dilort.runtime.SessionSettings;

/**
 * A model that answers, loaded once and used by any number of threads.
 *
 * <pre>
 * try (AlignedModel model = AlignedModel.load(Path.of("out/demo/export"))) {
 *     model.chat(List.of(new Message("user", "7+5=")), GenerationSettings.greedy(64), AlignedModel.IGNORE).text();
 * }
 * </pre>
 *
 * <p>Each answer has a key-value cache of its own. The same settings, seed included, give the same answer, whatever else is
 * answered meanwhile.
 */
public final class AlignedModel implements AutoCloseable {
    /** For those who want the whole answer alone. */
    public static final Pieces IGNORE = piece -> Next.GO_ON;

    private final Generator generator;
    private final ChatTemplate template;
    private final ReadWriteLock open = new ReentrantReadWriteLock();
    private boolean closed;

    /** Hears of an answer piece by piece; a piece never ends inside a character. */
    @FunctionalInterface
    public interface Pieces {
        Next onPiece(String piece);

        /** Of every token, where the settings ask for scores, before the piece that it makes certain. */
        default void onScores(ScoredToken token) {}
    }

    private AlignedModel(Generator generator, ChatTemplate template) {
        this.generator = generator;
        this.template = template;
    }

    /**
     * Of an export folder, one of its model files, or a Hugging Face folder, on all processors.
     *
     * @throws org.dilort.error.FormatException for what is none of these
     */
    public static AlignedModel load(Path model) {
        return load(model, Runtime.getRuntime().availableProcessors());
    }

    /** @param threads of one operator; answers share them */
    public static AlignedModel load(Path model, int threads) {
        ChatTemplate template = ChatTemplates.ofModel(ModelPlace.of(model).folder(), Clock.systemUTC());
        return new AlignedModel(Generator.open(model, new SessionSettings(threads)), template);
    }

    /**
     * Goes on from a text.
     *
     * @throws org.dilort.error.DataException for a text without tokens, or with more than the model has positions
     * @throws IllegalStateException after {@link #close}
     */
    public Generation complete(String prompt, GenerationSettings settings, Pieces pieces) {
        return whileOpen(() -> generator.generate(List.of(prompt), settings, new OfOne(pieces)))
                .get(0);
    }

    /** A batch of one answer. */
    private record OfOne(Pieces pieces) implements TextListener {
        @Override
        public Next onText(int row, String piece) {
            return pieces.onPiece(piece);
        }

        @Override
        public void onScores(int row, ScoredToken token) {
            pieces.onScores(token);
        }
    }

    /** Goes on from several texts in one batch, which is faster than one after the other. */
    public List<Generation> completeAll(List<String> prompts, GenerationSettings settings) {
        return whileOpen(() -> generator.generate(prompts, settings, (row, piece) -> Next.GO_ON));
    }

    /**
     * Answers a conversation, which the model's chat template turns into its prompt.
     *
     * @throws org.dilort.error.DataException where the model has no template, or its template refuses the conversation
     */
    public Generation chat(List<Message> messages, GenerationSettings settings, Pieces pieces) {
        return complete(template.render(messages, GenerationPrompt.ADD), settings, pieces);
    }

    private <T> T whileOpen(Supplier<T> work) {
        open.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the model is closed");
            }
            return work.get();
        } finally {
            open.readLock().unlock();
        }
    }

    /** Waits for answers under way. */
    @Override
    public void close() {
        open.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                generator.close();
            }
        } finally {
            open.writeLock().unlock();
        }
    }
}
