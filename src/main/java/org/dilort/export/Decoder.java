package org.dilort.export;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.dilort.error.DataException;
import org.dilort.model.Architectures;
import org.dilort.model.CausalLm;
import org.dilort.runtime.SessionSettings;
import org.dilort.weights.NamedTensors;
import org.dilort.weights.SafetensorsFolder;

/** Generates token ids with a key-value cache, batches of prompts at once; thread-safe until it is closed. */
public final class Decoder implements AutoCloseable {
    private final DecoderSession session;
    private final Set<Integer> endIds;

    Decoder(DecoderSession session, Set<Integer> endIds) {
        this.session = session;
        this.endIds = Set.copyOf(endIds);
    }

    /**
     * The decoder of an export folder or of one of its model files, or of a Hugging Face folder, whose weights are then read where
     * they lie.
     */
    public static Decoder open(Path named, SessionSettings settings) {
        ModelPlace place = ModelPlace.of(named);
        Path folder = place.folder();
        Set<Integer> endIds = Set.copyOf(SpecialIds.read(folder).end());
        if (place.isExport()) {
            return new Decoder(DecoderSession.of(place, settings), endIds);
        }
        CausalLm model = Architectures.read(folder);
        try (SafetensorsFolder weights = SafetensorsFolder.open(folder)) {
            return of(model, weights, endIds, settings);
        }
    }

    /**
     * The decoder of a model whose weights lie in a checkpoint or folder, which may be closed afterwards.
     *
     * @param endIds ids that end a sequence
     */
    public static Decoder of(CausalLm model, NamedTensors weights, Set<Integer> endIds, SessionSettings settings) {
        return new Decoder(DecoderSession.ofWeights(model, weights, settings), endIds);
    }

    /** Tokens of prompt and answer together. */
    public int contextLength() {
        return session.size().maxPositions();
    }

    public int vocabularySize() {
        return session.size().vocabulary();
    }

    /**
     * Goes on from every prompt until its end of sequence, {@code maxNewTokens}, or the end of the context.
     *
     * @throws DataException for a prompt that is empty, leaves no room in the context, or has an id that the model lacks
     */
    public List<Completion> generate(List<int[]> prompts, GenerationSettings settings, TokenListener listener) {
        if (prompts.isEmpty()) {
            throw new IllegalArgumentException("no prompts");
        }
        Set<Integer> ends = settings.withEndIds(endIds).endIds();
        List<GrowingSequence> rows = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            requirePrompt(i, prompts.get(i));
            int room = contextLength() - prompts.get(i).length;
            rows.add(new GrowingSequence(
                    prompts.get(i).length, settings.maxNewTokens(), room, ends, settings.chooser(i, prompts.get(i))));
        }
        try (DecoderRun run = new DecoderRun(session, rows.size())) {
            FloatBuffer logits = readPrompts(run, prompts, session.maxColumns(rows.size()));
            while (grow(rows, logits, settings, listener)) {
                logits = run.forward(nextColumn(rows));
            }
        }
        return rows.stream().map(GrowingSequence::completion).toList();
    }

    private void requirePrompt(int number, int[] prompt) {
        if (prompt.length == 0) {
            throw new DataException("prompt " + number + ": no tokens, expected at least one");
        }
        if (prompt.length >= contextLength()) {
            throw new DataException("prompt " + number + ": " + prompt.length + " tokens, expected at most "
                    + (contextLength() - 1) + " (max_position_embeddings = " + contextLength() + ")");
        }
        for (int i = 0; i < prompt.length; i++) {
            if (prompt[i] < 0 || prompt[i] >= vocabularySize()) {
                throw new DataException("prompt " + number + ": token " + i + ": got id " + prompt[i]
                        + ", expected 0 to " + (vocabularySize() - 1));
            }
        }
    }

    /** Feeds the prompts, padded on the left, at most {@code step} columns a call; gives the last call's logits. */
    private static FloatBuffer readPrompts(DecoderRun run, List<int[]> prompts, int step) {
        int length = prompts.stream().mapToInt(prompt -> prompt.length).max().orElseThrow();
        int start = 0;
        while (length - start > step) {
            run.forward(promptColumns(prompts, length, start, step));
            start += step;
        }
        return run.forward(promptColumns(prompts, length, start, length - start));
    }

    private static TokenBlock promptColumns(List<int[]> prompts, int length, int start, int columns) {
        TokenBlock block = TokenBlock.empty(prompts.size(), columns);
        for (int row = 0; row < prompts.size(); row++) {
            int[] prompt = prompts.get(row);
            int padding = length - prompt.length;
            for (int column = Math.max(0, padding - start); column < columns; column++) {
                int position = start + column - padding;
                block.put(row, column, prompt[position], position);
            }
        }
        return block;
    }

    /** Chooses a token for every open sequence; gives whether one is still open. */
    private boolean grow(
            List<GrowingSequence> rows, FloatBuffer logits, GenerationSettings settings, TokenListener listener) {
        int vocabulary = vocabularySize();
        int perRow = logits.limit() / rows.size();
        boolean open = false;
        for (int row = 0; row < rows.size(); row++) {
            GrowingSequence sequence = rows.get(row);
            if (sequence.isOpen()) {
                FloatBuffer last = logits.slice((row + 1) * perRow - vocabulary, vocabulary);
                if (sequence.choose(last) && tell(row, sequence.lastToken(), last, settings, listener) == Next.STOP) {
                    sequence.stop();
                }
                open |= sequence.isOpen();
            }
        }
        return open;
    }

    private static Next tell(
            int row, int token, FloatBuffer logits, GenerationSettings settings, TokenListener listener) {
        if (settings.scored()) {
            listener.onScores(row, TokenScores.of(logits, token, settings.alternatives()));
        }
        return listener.onToken(row, token);
    }

    /** The last token of every open sequence; padding for the others. */
    private static TokenBlock nextColumn(List<GrowingSequence> rows) {
        TokenBlock block = TokenBlock.empty(rows.size(), 1);
        for (int row = 0; row < rows.size(); row++) {
            if (rows.get(row).isOpen()) {
                block.put(row, 0, rows.get(row).lastToken(), rows.get(row).lastPosition());
            }
        }
        return block;
    }

    @Override
    public void close() {
        session.close();
    }
}
