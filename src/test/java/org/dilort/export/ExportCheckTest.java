package org.dilort.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.dilort.data.TokenizedPair;
import org.dilort.testing.GoldenModel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCheckTest {
    private final GoldenModel golden = GoldenModel.load("llama_gqa_tied");
    private final List<TokenizedPair> pairs = TestModels.pairs(golden);

    @TempDir
    private Path temp;

    private Path export = Path.of("");

    @BeforeEach
    void export() {
        export = TestModels.export(golden.folder(), temp.resolve("export"));
    }

    @Test
    void findsTheModelThatWasExported() {
        ExportCheck.Report report = ExportCheck.run(export, pairs, expected(), TestModels.ONE_THREAD);

        assertThat(report.sequences()).isEqualTo(6);
        assertThat(report.greatestDifference()).isLessThan(2e-5);
    }

    @Test
    void findsASequenceThatDiffers() {
        float[] expected = expected();
        expected[3] += 2e-4f * pairs.get(1).rejected().length + 1e-5f * Math.abs(expected[3]);

        assertThatThrownBy(() -> ExportCheck.run(export, pairs, expected, TestModels.ONE_THREAD))
                .isInstanceOf(ExportFailure.class)
                .hasMessageContaining("onnx/model.onnx: the export differs from the trained model: pair 1, rejected");
    }

    @Test
    void nothingEqualsNaN() {
        float[] expected = expected();
        expected[0] = Float.NaN;

        assertThatThrownBy(() -> ExportCheck.run(export, pairs, expected, TestModels.ONE_THREAD))
                .isInstanceOf(ExportFailure.class)
                .hasMessageContaining("pair 0, chosen")
                .hasMessageContaining("expected NaN");
    }

    @Test
    void ignoresAMissingRejectedResponse() {
        List<TokenizedPair> chosenOnly = List.of(pairs.get(2).withoutRejected());
        float[] expected = {expected()[4], 123};

        assertThat(ExportCheck.run(export, chosenOnly, expected, TestModels.ONE_THREAD)
                        .sequences())
                .isEqualTo(1);
    }

    @Test
    void refusesToCompareNothing() {
        assertThatThrownBy(() -> ExportCheck.run(export, List.of(), new float[0], TestModels.ONE_THREAD))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ExportCheck.run(export, pairs, new float[5], TestModels.ONE_THREAD))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("5 log-probabilities for 3 pairs, expected two each");
    }

    @Test
    void scoringInPiecesGivesTheSame() {
        try (DecoderSession session = DecoderSession.ofExport(export, TestModels.ONE_THREAD)) {
            double[] whole = new DecoderScorer(session).sequenceLogps(pairs);
            for (int logits : new int[] {97 * 6, 97 * 6 * 5}) {
                double[] pieces = new DecoderScorer(session.withLogitsPerCall(logits)).sequenceLogps(pairs);
                assertThat(pieces).containsExactly(whole, org.assertj.core.api.Assertions.within(1e-5));
            }
        }
    }

    private float[] expected() {
        double[] rows = golden.numbers("/sequence_logps");
        float[] expected = new float[rows.length];
        for (int row = 0; row < rows.length; row++) {
            expected[2 * (row % golden.pairs()) + row / golden.pairs()] = (float) rows[row];
        }
        return expected;
    }
}
