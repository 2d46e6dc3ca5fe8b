package org.dilort.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Peaks that can be counted by hand; x is four floats, 16 bytes, and an input, which counts nothing. */
class PeakMemoryTest {
    private final GraphBuilder graph = new GraphBuilder("g");
    private final Ops ops = new Ops(graph);
    private final Value x = graph.input("x", DType.FLOAT, Dim.of("n"), Dim.of(2));

    private long peak(Value output) {
        graph.output("y", output);
        return PeakMemory.of(graph.build(), Map.of("n", 2L));
    }

    /** Transposes cannot write over what they read: two at once, 32 bytes; a third waits for the first to be gone. */
    @Test
    void valuesLiveFromTheirNodeToTheirLastReader() {
        assertThat(peak(ops.transpose(ops.transpose(ops.transpose(x, 1, 0), 1, 0), 1, 0)))
                .isEqualTo(32);
    }

    /** exp is read again at the end, so that neither of its readers may write over it: exp, the product, then the sum. */
    @Test
    void aValueThatIsReadLaterStaysAlive() {
        Value exp = ops.exp(x);
        Value product = ops.mul(exp, exp);
        assertThat(peak(ops.add(ops.transpose(ops.transpose(product, 1, 0), 1, 0), exp)))
                .isEqualTo(48);
    }

    @Test
    void elementwiseNodesWriteOverWhatNobodyReadsAgain() {
        assertThat(peak(ops.exp(ops.exp(ops.exp(x))))).isEqualTo(16);
    }

    @Test
    void anInputIsNeverWrittenOver() {
        assertThat(peak(ops.exp(x))).isEqualTo(16);
    }

    /** The reshape has the bytes of exp, which therefore lives on under another name. */
    @Test
    void reshapesShareTheirBytes() {
        Value flat = ops.reshape(ops.exp(x), Dim.of("n").times(Dim.of(2)));
        assertThat(peak(ops.add(ops.neg(flat), flat))).isEqualTo(32);
    }

    /** Each gradient of 16 bytes is added to its sum before the next one exists, though both additions stand at the end. */
    @Test
    void accumulationsRunAsSoonAsTheyCan() {
        Value reset = graph.input("reset", DType.BOOL, Dim.ONE);
        Value first = ops.transpose(x, 1, 0);
        Value second = ops.transpose(x, 1, 0);
        Value sumOfFirst = graph.input("a", DType.FLOAT, Dim.of(2), Dim.of("n"));
        Value sumOfSecond = graph.input("b", DType.FLOAT, Dim.of(2), Dim.of("n"));
        graph.output("done1", ops.accumulate(sumOfFirst, first, reset).done());
        graph.output("done2", ops.accumulate(sumOfSecond, second, reset).done());
        assertThat(PeakMemory.of(graph.build(), Map.of("n", 2L))).isLessThan(32);
    }

    /** Of 10 rows the two from the eighth on: 16 bytes, and as much for their transpose. */
    @Test
    void stretchesFollowFromTheWhole() {
        Value part = ops.slice(x, 0, 8, Long.MAX_VALUE);
        graph.output("y", ops.transpose(part, 1, 0));
        assertThat(PeakMemory.of(graph.build(), Map.of("n", 10L))).isEqualTo(2 * 16);
    }

    @Test
    void unknownDimensionsAreRefused() {
        graph.output("y", ops.exp(x));
        assertThatThrownBy(() -> PeakMemory.of(graph.build(), Map.of("m", 2L)))
                .hasMessage("dimension n, expected one of [m]");
    }
}
