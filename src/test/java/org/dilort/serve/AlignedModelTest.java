package org.dilort.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.dilort.error.DataException;
import org.dilort.export.Ending;
import org.dilort.export.Generation;
import org.dilort.export.GenerationSettings;
import org.dilort.export.Next;
import org.dilort.export.Sampling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlignedModelTest {
    private static final GenerationSettings SHORT = GenerationSettings.greedy(8);

    @TempDir
    private Path temp;

    private AlignedModel load() {
        return AlignedModel.load(ServedFolder.write(temp), 1);
    }

    @Test
    void streamsTheAnswerThatItGives() {
        try (AlignedModel model = load()) {
            StringBuilder pieces = new StringBuilder();
            Generation answer = model.complete("hello", SHORT, piece -> {
                pieces.append(piece);
                return Next.GO_ON;
            });

            assertThat(pieces).hasToString(answer.text());
            assertThat(answer.promptTokens()).isEqualTo(6); // five bytes after the begin of sequence
            assertThat(model.completeAll(List.of("hello", "another"), SHORT).get(0))
                    .isEqualTo(answer);
        }
    }

    @Test
    void aStopEndsTheAnswerAndIsNotPartOfIt() {
        try (AlignedModel model = load()) {
            String whole = model.complete("hello", SHORT, AlignedModel.IGNORE).text();
            String stop = whole.substring(3, 4);
            StringBuilder pieces = new StringBuilder();

            Generation answer = model.complete("hello", SHORT.withStops(List.of(stop)), piece -> {
                pieces.append(piece);
                return Next.GO_ON;
            });

            assertThat(answer.text()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
            assertThat(pieces).hasToString(answer.text());
            assertThat(answer.ending()).isEqualTo(Ending.STOPPED);
        }
    }

    @Test
    void aListenerEndsTheAnswer() {
        try (AlignedModel model = load()) {
            Generation answer = model.complete("hello", SHORT, piece -> Next.STOP);

            assertThat(answer.ending()).isEqualTo(Ending.STOPPED);
            assertThat(answer.tokens()).isLessThan(8);
        }
    }

    @Test
    void aPenaltyChangesWhatIsRepeated() {
        try (AlignedModel model = load()) {
            String repeated = model.complete("aaaa", SHORT, AlignedModel.IGNORE).text();
            String penalised = model.complete("aaaa", SHORT.withRepetitionPenalty(50), AlignedModel.IGNORE)
                    .text();

            assertThat(penalised).isNotEqualTo(repeated);
        }
    }

    /** Sampled answers of many threads at once are those that one thread gets. */
    @Test
    void threadsDoNotMixTheirAnswers() throws Exception {
        try (AlignedModel model = load()) {
            List<Callable<Generation>> calls = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                String prompt = "prompt " + i;
                GenerationSettings settings = SHORT.withSampling(new Sampling.Random(1, 20, 1, i));
                calls.add(() -> model.complete(prompt, settings, AlignedModel.IGNORE));
            }
            List<Generation> alone = new ArrayList<>();
            for (Callable<Generation> call : calls) {
                alone.add(call.call());
            }
            ExecutorService threads = Executors.newFixedThreadPool(8);
            List<Generation> together = new ArrayList<>();
            for (Future<Generation> future : threads.invokeAll(calls)) {
                together.add(future.get());
            }
            threads.shutdown();

            assertThat(together).isEqualTo(alone);
            assertThat(alone).doesNotHaveDuplicates();
        }
    }

    @Test
    void withoutATemplateThereIsNoChat() {
        try (AlignedModel model = load()) {
            assertThatThrownBy(() -> model.chat(List.of(ServedFolder.HELLO), SHORT, AlignedModel.IGNORE))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("chat template");
        }
    }

    @Test
    void closedMeansClosed() {
        AlignedModel model = load();
        model.close();
        model.close();

        assertThatThrownBy(() -> model.complete("hello", SHORT, AlignedModel.IGNORE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the model is closed");
    }
}
