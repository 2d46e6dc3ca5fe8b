package org.dilort.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.dilort.error.FormatException;
import org.dilort.model.RotaryConfig.Basis;
import org.dilort.testing.Configs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where rotary settings stand in {@code config.json}, what the length of a run decides, and what is refused. */
class RotaryConfigTest {
    private static final int DIMENSIONS = 4;
    private static final int POSITIONS = 64;

    private static RotaryConfig read(String json, int length) {
        Basis basis = new Basis(DIMENSIONS, 10000, POSITIONS, new RunLength(length));
        return RotaryConfig.read(Configs.of(json), basis);
    }

    private static RotaryScaling scaling(String rope, int length) {
        return read("{\"rope_parameters\": " + rope + "}", length).scaling();
    }

    @Test
    void nothingGivenIsPlain() {
        assertThat(read("{}", 1)).isEqualTo(new RotaryConfig(DIMENSIONS, 10000, new RotaryScaling.None()));
    }

    @Test
    void settingsAreReadFromEitherPlace() {
        String old = "{\"rope_theta\": 500, \"rope_scaling\": {\"type\": \"linear\", \"factor\": 4}}";
        assertThat(read(old, 1)).isEqualTo(new RotaryConfig(DIMENSIONS, 500, new RotaryScaling.Linear(4)));
        String now = """
                {"rope_parameters": {"rope_theta": 700, "rope_type": "llama3", "factor": 8, "low_freq_factor": 1,
                 "high_freq_factor": 4, "original_max_position_embeddings": 16}}
                """;
        assertThat(read(now, 1)).isEqualTo(new RotaryConfig(DIMENSIONS, 700, new RotaryScaling.Llama3(8, 1, 4, 16)));
    }

    /** The model's own positions are the context of pre-training; the run may go beyond them. */
    @ParameterizedTest
    @CsvSource({"1, 64", "64, 64", "65, 65", "200, 200"})
    void dynamicScalingFollowsTheRun(int length, int positions) {
        RotaryScaling scaling = scaling("{\"rope_type\": \"dynamic\", \"factor\": 2}", length);
        assertThat(scaling).isEqualTo(new RotaryScaling.DynamicNtk(2, POSITIONS, length));
        assertThat(scaling.positions(POSITIONS)).isEqualTo(positions);
    }

    /** Factor 64 / 16 = 4 where none is given: scale sqrt(1 + ln 4 / ln 16) = sqrt(1.5). */
    @ParameterizedTest
    @CsvSource({"1, 3, 16", "16, 3, 16", "17, 7, 64", "64, 7, 64"})
    void lengthOfTheRunPicksTheFactorsOfLongRope(int length, double second, int positions) {
        String rope = "{\"rope_type\": \"longrope\", \"short_factor\": [1, 3], \"long_factor\": [1, 7]}";
        String json = "{\"original_max_position_embeddings\": 16, \"rope_scaling\": " + rope + "}";
        RotaryScaling scaling = read(json, length).scaling();
        assertThat(scaling).isEqualTo(new RotaryScaling.LongRope(List.of(1.0, second), Math.sqrt(1 + 0.5), positions));
        assertThat(scaling.positions(POSITIONS)).isEqualTo(positions);
    }

    @Test
    void longRopesOwnKeysGoFirst() {
        String rope = """
                {"rope_type": "su", "short_factor": [1, 3], "long_factor": [1, 7], "attention_factor": 1.25,
                 "original_max_position_embeddings": 32}
                """;
        assertThat(scaling(rope, 32)).isEqualTo(new RotaryScaling.LongRope(List.of(1.0, 3.0), 1.25, 32));
    }

    /** Scale 0.1 ln 4 + 1; without an original context it is the model's own. */
    @Test
    void yarnsDefaultsAreThoseOfThePaper() {
        double scale = 0.1 * Math.log(4) + 1;
        assertThat(scaling("{\"rope_type\": \"yarn\", \"factor\": 4}", 1))
                .isEqualTo(new RotaryScaling.Yarn(4, POSITIONS, 32, 1, scale));
        RotaryScaling stretched = scaling("{\"rope_type\": \"yarn\", \"original_max_position_embeddings\": 16}", 1);
        assertThat(stretched).isEqualTo(new RotaryScaling.Yarn(4, 16, 32, 1, scale));
        assertThat(stretched.positions(POSITIONS)).isEqualTo(64);
        assertThat(scaling("{\"rope_type\": \"yarn\", \"factor\": 4}", 1).positions(POSITIONS))
                .isEqualTo(256);
    }

    @Test
    void yarnsScaleIsOfTwoWeightsWhereBothAreGiven() {
        String rope = "{\"rope_type\": \"yarn\", \"factor\": 4, \"mscale\": 2, \"mscale_all_dim\": 0.5}";
        double scale = (0.2 * Math.log(4) + 1) / (0.05 * Math.log(4) + 1);
        assertThat(scaling(rope, 1)).isEqualTo(new RotaryScaling.Yarn(4, POSITIONS, 32, 1, scale));
    }

    @ParameterizedTest
    @CsvSource({"'{}', 16", "'{\"rope_parameters\": {\"partial_rotary_factor\": 0.75}}', 12", "'{\"share\": 0.3}', 4"})
    void shareOfTheHeadIsReadFromEitherPlace(String json, int dimensions) {
        assertThat(RotaryConfig.dimensions(Configs.of(json), "share", 16, 1)).isEqualTo(dimensions);
    }

    @ParameterizedTest
    @CsvSource({"1.5", "0.05", "0.2"})
    void shareThatLeavesNoPairsIsRefused(double share) {
        assertThatThrownBy(() -> RotaryConfig.dimensions(Configs.of("{\"share\": " + share + "}"), "share", 16, 1))
                .isInstanceOf(FormatException.class)
                .hasMessage("share: got " + share + " of heads of 16, expected at most 1 and an even number of"
                        + " dimensions (model/config.json)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"rope_theta": -1}               | rope_theta: got -1, expected a number > 0
                    {"rope_theta": 1e999}            | rope_theta: got "Infinity", expected a number > 0
                    {"rope_scaling": []}             | rope_scaling: got [], expected an object
                    {"rope_scaling": {"rope_type": "spiral"}} | rope_scaling.rope_type: got "spiral", expected one of [default, dynamic, linear, llama3, longrope, yarn]
                    {"rope_scaling": {"rope_type": 7}}      | rope_scaling.rope_type: got 7, expected a text
                    {"rope_scaling": {"type": "linear"}}    | rope_scaling.factor: missing, expected a number > 0
                    {"rope_scaling": {"type": "dynamic"}}   | rope_scaling.factor: missing, expected a number > 0
                    {"rope_scaling": {"type": "dynamic", "factor": 0.5}} | rope_scaling.factor: got 0.5, expected a number >= 1
                    {"rope_scaling": {"type": "yarn", "factor": 2, "truncate": false}} | rope_scaling.truncate: got false, expected true
                    {"rope_scaling": {"type": "yarn", "factor": 2, "beta_slow": 64}} | rope_scaling.beta_slow: got 64, expected at most beta_fast = 32.0
                    {"rope_scaling": {"type": "longrope", "short_factor": [1, 1]}} | rope_scaling.long_factor: missing, expected a list of numbers > 0
                    {"rope_scaling": {"type": "longrope", "short_factor": [1, 0]}} | rope_scaling.short_factor: got [1,0], expected a list of numbers > 0
                    {"rope_scaling": {"type": "longrope", "short_factor": 2}} | rope_scaling.short_factor: got 2, expected a list of numbers > 0
                    {"rope_scaling": {"type": "longrope", "short_factor": [1, 1, 1]}} | rope_scaling.short_factor: got 3 numbers, expected 2, one for each pair of dimensions
                    {"rope_parameters": {"rope_type": "linear", "factor": 0}} | rope_parameters.factor: got 0, expected a number > 0
                    {"rope_parameters": {"rope_theta": "big"}} | rope_parameters.rope_theta: got "big", expected a number > 0
                    {"rope_parameters": {"rope_type": "llama3", "factor": 8, "low_freq_factor": 4, "high_freq_factor": 4}} | rope_parameters.high_freq_factor: got 4, expected more than low_freq_factor = 4.0
                    {"rope_parameters": {"rope_type": "llama3", "low_freq_factor": 1, "high_freq_factor": 4, "factor": 8}} | rope_parameters.original_max_position_embeddings: missing, expected a number > 0
                    """)
    void mistakesAreOneLineWithTheirKey(String json, String message) {
        assertThatThrownBy(() -> read(json, 1))
                .isInstanceOf(FormatException.class)
                .hasMessage(message + " (model/config.json)");
    }
}
