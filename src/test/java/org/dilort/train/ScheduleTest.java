package org.dilort.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;
import org.dilort.train.ScheduleSettings.Shape;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    // W = ceil(0.25 * 6) = 2: 1/2, 1, then 4 steps of decay.
    @Test
    void warmsUpThenDecaysLinearlyFromTheFullRate() {
        assertThat(rates(Shape.LINEAR, 8, 0.25, 6)).containsExactly(4, 8, 8, 6, 4, 2);
    }

    // Angles 0, pi/4, pi/2, 3 pi/4: 0.5 (1 + cos) = 1, (2 + sqrt 2) / 4, 1/2, (2 - sqrt 2) / 4.
    @Test
    void warmsUpThenFollowsTheCosine() {
        double root = Math.sqrt(2);
        assertThat(rates(Shape.COSINE, 4, 0.25, 6))
                .containsExactly(new double[] {2, 4, 4, 2 + root, 2, 2 - root}, within(1e-15));
    }

    @Test
    void staysAtThePeakAfterTheWarmUp() {
        assertThat(rates(Shape.CONSTANT, 3, 0.5, 5)).containsExactly(1, 2, 3, 3, 3);
    }

    @Test
    void beginsAtThePeakWithoutWarmUp() {
        assertThat(rates(Shape.LINEAR, 1, 0, 4)).containsExactly(1, 0.75, 0.5, 0.25);
        assertThat(rates(Shape.COSINE, 1, 0, 2)).containsExactly(new double[] {1, 0.5}, within(1e-16));
    }

    @Test
    void onlyRisesWhenEveryStepIsWarmUp() {
        for (Shape shape : Shape.values()) {
            assertThat(rates(shape, 1, 1, 4)).as("%s", shape).containsExactly(0.25, 0.5, 0.75, 1);
        }
    }

    @Test
    void hasTheFullRateInARunOfOneStep() {
        for (Shape shape : Shape.values()) {
            assertThat(rates(shape, 5, 0, 1)).as("%s", shape).containsExactly(5);
            assertThat(rates(shape, 5, 0.1, 1)).as("%s", shape).containsExactly(5);
        }
    }

    @Test
    void roundsTheWarmUpUp() {
        assertThat(schedule(0.1, 21).warmupSteps()).isEqualTo(3);
        assertThat(schedule(0.1, 20).warmupSteps()).isEqualTo(2);
    }

    // 0.07 * 100 is 7.000000000000001 in doubles.
    @Test
    void takesTheWarmUpRatioAsTheDecimalItIs() {
        assertThat(schedule(0.07, 100).warmupSteps()).isEqualTo(7);
    }

    @Test
    void refusesStepsOutsideTheRun() {
        Schedule schedule = schedule(0.1, 10);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> schedule.learningRate(0))
                .withMessage("step = 0, expected 1 to 10");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> schedule.learningRate(11))
                .withMessage("step = 11, expected 1 to 10");
    }

    @Test
    void refusesSettingsWithoutMeaning() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ScheduleSettings(Shape.LINEAR, 1, 1.5))
                .withMessage("warm-up ratio = 1.5, expected 0 to 1");
        assertThatIllegalArgumentException().isThrownBy(() -> new ScheduleSettings(Shape.LINEAR, 1, Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> new ScheduleSettings(Shape.LINEAR, -1, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ScheduleSettings(Shape.LINEAR, Double.POSITIVE_INFINITY, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> schedule(0, 0))
                .withMessage("steps = 0, expected 1 or more");
    }

    private static Schedule schedule(double warmupRatio, long steps) {
        return new Schedule(new ScheduleSettings(Shape.COSINE, 1, warmupRatio), steps);
    }

    private static double[] rates(Shape shape, double peak, double warmupRatio, long steps) {
        Schedule schedule = new Schedule(new ScheduleSettings(shape, peak, warmupRatio), steps);
        return LongStream.rangeClosed(1, steps)
                .mapToDouble(schedule::learningRate)
                .toArray();
    }
}
