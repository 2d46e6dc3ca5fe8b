package org.dilort.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ValuesTest {
    @Test
    void limitsAreNumbersOrNone() {
        assertThat(Limit.none().orElse(7)).isEqualTo(7);
        assertThat(Limit.of(3).orElse(7)).isEqualTo(3);
        assertThat(Limit.parse("none").exists()).isFalse();
        assertThat(Limit.parse("12")).isEqualTo(Limit.of(12)).hasToString("12");
        assertThatThrownBy(() -> Limit.of(0)).hasMessage("got 0, expected a whole number >= 1, or none");
    }

    @Test
    void intervalsAreDueAtTheirMultiples() {
        assertThat(Interval.of(3).due(3)).isTrue();
        assertThat(Interval.of(3).due(4)).isFalse();
        assertThat(Interval.of(1).due(1)).isTrue();
        assertThat(Interval.never().due(0)).isFalse();
        assertThat(Interval.never()).hasToString("none");
        assertThatThrownBy(() -> new Interval(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void threadsMayBeAllCores() {
        assertThat(Threads.all().on(16)).isEqualTo(16);
        assertThat(Threads.parse("2").on(16)).isEqualTo(2);
        assertThat(Threads.parse("all")).isEqualTo(Threads.all());
        assertThatThrownBy(() -> Threads.parse("-1")).hasMessage("got -1, expected a whole number >= 1, or all");
    }

    @Test
    void numberSettingsResolve() {
        assertThat(NumberSetting.auto().orElse(0.1)).isEqualTo(0.1);
        assertThat(NumberSetting.of(2).orElse(0.1)).isEqualTo(2);
        assertThat(NumberSetting.none().orElse(0.1)).isInfinite();
        assertThat(NumberSetting.parse("1e-3")).isEqualTo(NumberSetting.of(0.001));
    }

    @Test
    void computeDependsOnTheDevice() {
        assertThat(Compute.AUTO.on(Device.CPU)).isEqualTo(Compute.FLOAT32);
        assertThat(Compute.AUTO.on(Device.CUDA)).isEqualTo(Compute.BFLOAT16);
        assertThat(Compute.FLOAT16.on(Device.CPU)).isEqualTo(Compute.FLOAT16);
        assertThatThrownBy(() -> Compute.AUTO.on(Device.AUTO)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void pathsWithTheNameOfAWordKeepTheirMeaning() {
        assertThat(ChatTemplate.parse(ChatTemplate.file(Path.of("auto")).text()))
                .isEqualTo(ChatTemplate.file(Path.of("./auto")));
        assertThat(ReferenceModel.parse("initial_policy")).isEqualTo(ReferenceModel.initialPolicy());
        assertThat(ReferenceModel.parse("a/b")).isEqualTo(ReferenceModel.folder(Path.of("a/b")));
    }

    @Test
    void recordsRefuseWrongValuesInCodeToo() {
        assertThatThrownBy(() -> new LoraConfig(
                        AdapterStart.anew(), 0, 1, List.of(), false, false, List.of(), 0, true, Quantize.NONE))
                .hasMessage("rank: got 0, expected a whole number >= 1");
        assertThatThrownBy(() -> new GenerateConfig(5, "", Limit.none(), false))
                .hasMessage("answer_pattern: got , expected a regular expression with at least one group");
        assertThatThrownBy(() -> head(NumberSetting.none()))
                .hasMessage("beta: got none, expected a number > 0, or auto");
        assertThat(head(NumberSetting.of(1)).coefficients()).isUnmodifiable();
    }

    @Test
    void theAnswerPatternGivesTheFirstGroup() {
        var matcher =
                new GenerateConfig(5, "= (\\d+)", Limit.none(), false).pattern().matcher("1 + 1 = 2");
        assertThat(matcher.find()).isTrue();
        assertThat(matcher.group(1)).isEqualTo("2");
    }

    private static HeadConfig head(NumberSetting beta) {
        return new HeadConfig(
                "dpo", 1, "none", Variant.AUTO, Reduction.AUTO, beta, NumberSetting.auto(), new TreeMap<>());
    }
}
