package org.dilort.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepTimesTest {
    private static final StepTimes TIMES =
            StepTimes.of(List.of(new double[] {3, 1}, new double[] {1, 1}, new double[] {8, 2}, new double[] {5, 1}));

    private static JsonNode report(boolean oneBatch) throws JsonProcessingException {
        BenchReport report = new BenchReport(
                new BenchReport.Setting("device: cpu", "float", 2, "full", "shared_trunk", "lsif", 1000),
                new BenchReport.Work(4, 1000, 800),
                TIMES,
                20,
                oneBatch,
                new BenchReport.Resources(300, 0, 0.01),
                Double.NaN);
        return new ObjectMapper().readTree(report.toJson());
    }

    @Test
    void mediansAreOfSortedValues() {
        assertThat(StepTimes.median(new double[] {5, 1, 3})).isEqualTo(3);
        assertThat(StepTimes.median(TIMES.totals())).isEqualTo(5);
        assertThat(TIMES.totals()).containsExactly(4, 2, 10, 6);
    }

    /** Steps of 2, 4, 6 and 10 s: the median is 5, the mean 5.5. */
    @Test
    void ratesAreOfTheMedianStepWhereAllHaveOneBatch() throws JsonProcessingException {
        assertThat(report(true).get("tokens_per_second").asDouble()).isEqualTo(200);
        assertThat(report(true).get("computed_tokens_per_second").asDouble()).isEqualTo(160);
        assertThat(report(true).get("pairs_per_second").asDouble()).isEqualTo(0.8);
        assertThat(report(false).get("tokens_per_second").asDouble()).isEqualTo(181.82);
    }

    @Test
    void theReportIsJsonWhateverTheLossIs() throws JsonProcessingException {
        JsonNode json = report(true);

        assertThat(json.get("loss").asText()).isEqualTo("NaN");
        assertThat(json.get("median_step_seconds").asDouble()).isEqualTo(5);
        assertThat(json.get("mean_step_seconds").asDouble()).isEqualTo(5.5);
        assertThat(json.get("median_update_seconds").asDouble()).isEqualTo(1);
        assertThat(json.get("peak_rss_mib").asInt()).isEqualTo(300);
    }

    @Test
    void noStepIsNoMeasure() {
        assertThatThrownBy(() -> StepTimes.of(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one");
    }
}
