package org.dilort.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.dilort.error.UserException;
import org.junit.jupiter.api.Test;

/** Files with random damage are read or refused as the user's mistake; no other exception ever comes out. */
class OnnxReaderFuzzTest {
    private static final long SEED = Long.getLong("dil.seed", 20261124L);
    private static final int FILES = Integer.getInteger("dil.fuzz", 4000);

    /** A graph with most operators that take shapes, axes and attributes: the checks that damage can reach. */
    private static byte[] sample() {
        GraphBuilder graph = new GraphBuilder("sample");
        Ops ops = new Ops(graph);
        Dim pairs = Dim.of("pairs");
        Value x = graph.input("x", DType.FLOAT, pairs, Dim.of(4));
        Value scale = graph.constant("scale", Tensor.scalar(DType.FLOAT, 1.5));
        Value a = ops.mul(ops.slice(x, 1, 0, 2), scale); // [pairs, 2]
        Value b = ops.slice(x, 1, -2, Long.MAX_VALUE); // [pairs, 2]
        Value joined = ops.concat(0, a, b); // [2*pairs, 2]
        Value shaped = ops.reshape(joined, Dim.of(2), pairs, Dim.of(2));
        Value turned = ops.transpose(shaped, 1, 0, 2); // [pairs, 2, 2]
        Value picked = ops.squeeze(ops.gather(turned, ops.constant(Tensor.int64s(1)), 1), 1); // [pairs, 2]
        Value product = ops.matMul(picked, ops.constant(Tensor.of(DType.FLOAT, Shape.of(2, 3), 1, 2, 3, 4, 5, 6)));
        Value parts = ops.split(product, 1, 1, 2).get(1); // [pairs, 2]
        Value normal = ops.rmsNorm(ops.softmax(parts), ops.constant(Tensor.of(DType.FLOAT, Shape.of(2), 1, 2)), 1e-5)
                .output();
        Value chosen = ops.where(ops.greater(normal, a), normal, ops.quickGelu(b, 1));
        Value ranked = ops.oneHot(ops.range(pairs), DType.FLOAT, 5); // [pairs, 5]
        Value total = ops.add(ops.reduceSum(ranked, -1), ops.reduceMax(chosen, 1)); // [pairs, 1]
        graph.output("out", ops.expand(total, new Shape(java.util.List.of(pairs, Dim.of(3)))));
        return OnnxWriter.toBytes(graph.build());
    }

    private static void read(byte[] bytes) {
        OnnxReader reader = OnnxReader.parse(bytes, "fuzz.onnx");
        GraphBuilder graph = new GraphBuilder("target");
        Map<String, Value> bindings = new LinkedHashMap<>();
        bindings.put("x", graph.input("x", DType.FLOAT, Dim.of("pairs"), Dim.of(4)));
        reader.inline(graph, bindings, Map.of()).forEach((name, value) -> graph.output("out." + name, value));
        if (!graph.nodes().isEmpty() && !reader.outputs().isEmpty()) {
            OnnxWriter.toBytes(graph.build());
        }
    }

    private static byte[] damaged(byte[] bytes, SplittableRandom random) {
        byte[] damaged = bytes.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(damaged.length);
            switch (random.nextInt(5)) {
                case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> damaged[at] = (byte) random.nextInt(256);
                case 2 -> damaged[at] = (byte) (random.nextBoolean() ? 0 : 0xff);
                case 3 -> damaged = Arrays.copyOf(damaged, Math.max(1, at));
                default -> System.arraycopy(damaged, 0, damaged, at, Math.min(at, damaged.length - at));
            }
        }
        return damaged;
    }

    @Test
    void damageIsTheUsersMistake() {
        byte[] good = sample();
        read(good);
        int refused = 0;
        for (int file = 0; file < FILES; file++) {
            byte[] bytes = damaged(good, new SplittableRandom(SEED + file));
            try {
                read(bytes);
            } catch (UserException e) {
                refused++;
                assertThat(e.getMessage())
                        .as("seed %d", SEED + file)
                        .startsWith("fuzz.onnx")
                        .doesNotContain("\n");
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + (SEED + file), e);
            }
        }
        assertThat(refused)
                .as("files refused, seed %d", SEED)
                .isGreaterThan(FILES / 4)
                .isLessThan(FILES);
    }

    @Test
    void randomBytesAreRefused() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int file = 0; file < 500; file++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            String name = "file " + file + ", seed " + SEED;
            try {
                read(bytes);
                throw new AssertionError(name + " was read");
            } catch (UserException e) {
                assertThat(e.getMessage()).as(name).startsWith("fuzz.onnx");
            }
        }
    }
}
