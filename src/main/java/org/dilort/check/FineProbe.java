package org.dilort.check;

import org.dilort.heads.HeadFile;
import org.dilort.runtime.RuntimeFailure;

/**
 * A head in the finest type that ONNX Runtime has kernels for, with what can then be asked of it: in double, differences
 * with a step of 2^-17 give a slope to 1e-5; in float, with one of 1/32, to a hundredth.
 *
 * @param name of the type, for reports
 * @param step of a difference; log-probabilities of the checks are exact with it
 * @param slopes relative error of a slope
 * @param slopeFloor absolute error of a slope, and {@code slopeShare} of the loss that it is the slope of
 * @param equal relative error within which two numbers are the same
 */
record FineProbe(
        HeadProbe probe, String name, double step, double slopes, double slopeFloor, double slopeShare, double equal)
        implements AutoCloseable {

    static FineProbe of(HeadFile file) {
        try {
            return new FineProbe(HeadProbe.inDouble(file), "float64", 0x1p-17, 1e-5, 1e-8, 1e-9, 1e-9);
        } catch (RuntimeFailure e) {
            return new FineProbe(HeadProbe.of(file), "float32", 0x1p-5, 1e-2, 1e-3, 1e-5, 1e-4);
        }
    }

    boolean inDouble() {
        return name.equals("float64");
    }

    boolean same(double one, double other) {
        return one == other
                || Math.abs(one - other) <= equal * Math.max(1, Math.max(Math.abs(one), Math.abs(other)))
                || Double.isNaN(one) && Double.isNaN(other);
    }

    boolean same(double[] some, double[] others) {
        for (int i = 0; i < some.length; i++) {
            if (!same(some[i], others[i])) {
                return false;
            }
        }
        return true;
    }

    HeadProbe.Result run(HeadFeeds feeds) {
        return probe.run(feeds.values());
    }

    @Override
    public void close() {
        probe.close();
    }
}
