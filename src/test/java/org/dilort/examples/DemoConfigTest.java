package org.dilort.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dilort.config.Config;
import org.dilort.config.ConfigLoader;
import org.dilort.config.DataSource;
import org.dilort.data.DataReport;
import org.dilort.data.PairLoader;
import org.dilort.data.PairTokenizer;
import org.dilort.data.RejectedUse;
import org.dilort.data.TokenLimits;
import org.dilort.data.Tokenizer;
import org.dilort.data.Truncation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoConfigTest {
    private static final String DEMO = "configs/demo.yaml";
    private static final String LORA = "configs/lora.yaml";
    private static final String BASE = "examples/demo/base.yaml";

    @ParameterizedTest
    @ValueSource(strings = {DEMO, LORA, BASE})
    void beginsWithItsCommand(String file) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            assertThat(lines.findFirst()).hasValue("# ./dil-ort train --config " + file);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {DEMO, LORA, BASE})
    void namesFilesThatExist(String file) {
        Config config = load(file);
        assertThat(config.model().path().resolve("config.json")).exists();
        assertThat(config.data().train())
                .isNotEmpty()
                .allSatisfy(source -> assertThat(source.path()).exists());
        assertThat(config.data().evalPaths())
                .allSatisfy(path -> assertThat(path).exists());
    }

    @ParameterizedTest
    @ValueSource(strings = {DEMO, LORA, BASE})
    void cutsNothing(String file) {
        Config config = load(file);
        RejectedUse rejected = file.equals(BASE) ? RejectedUse.OPTIONAL : RejectedUse.REQUIRED;
        try (Tokenizer tokenizer = Tokenizer.open(config.model().path())) {
            TokenLimits limits = new TokenLimits(config.data().maxLength(), TokenLimits.NO_LIMIT, Truncation.FAIL);
            PairTokenizer pairs = new PairTokenizer(tokenizer, tokenizer.vocabularySize(), limits);
            DataReport report = new PairLoader(pairs, rejected)
                    .load(config.data().train().stream().map(DataSource::path).toList())
                    .report();
            assertThat(report.splitMerges()).isZero();
            assertThat(report.identical()).isZero();
        }
    }

    @Test
    void answerPatternFindsTheAnswerOfEveryChosenResponse() throws IOException {
        Config config = load(DEMO);
        Pattern pattern = config.eval().generate().pattern();
        for (String line : Files.readAllLines(config.data().evalPaths().get(0))) {
            String chosen = new ObjectMapper().readTree(line).get("chosen").asText();
            Matcher matcher = pattern.matcher(chosen);
            assertThat(matcher.find()).as(chosen).isTrue();
            assertThat(chosen).endsWith(" " + matcher.group(1));
        }
    }

    private static Config load(String file) {
        return ConfigLoader.load(Path.of(file), List.of());
    }
}
