package org.dilort.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.dilort.net.PrometheusText.Kind;
import org.junit.jupiter.api.Test;

class PrometheusTextTest {

    @Test
    void writesFamiliesWithTheirSamples() {
        PrometheusText text = new PrometheusText()
                .family("replies_total", Kind.COUNTER, "replies by status")
                .sample("replies_total", Map.of("code", "200", "a", "b"), 3)
                .single("loss", Kind.GAUGE, "of a step", Map.of(), -0.5);
        assertThat(text)
                .hasToString(
                        "# HELP replies_total replies by status\n# TYPE replies_total counter\n"
                                + "replies_total{a=\"b\",code=\"200\"} 3\n# HELP loss of a step\n# TYPE loss gauge\nloss -0.5\n");
    }

    /** The format escapes backslash, quote and line feed in the value of a label, and writes these three numbers so. */
    @Test
    void escapesLabelsAndNamesNumbersThatAreNotFinite() {
        PrometheusText text = new PrometheusText()
                .sample("x", Map.of("run", "a\"b\\c\nd"), Double.NaN)
                .sample("x", Map.of(), Double.POSITIVE_INFINITY)
                .sample("x", Map.of(), Double.NEGATIVE_INFINITY);
        assertThat(text).hasToString("x{run=\"a\\\"b\\\\c\\nd\"} NaN\nx +Inf\nx -Inf\n");
        assertThat(PrometheusText.name("logps/chosen-ä b")).isEqualTo("logps_chosen___b");
    }
}
