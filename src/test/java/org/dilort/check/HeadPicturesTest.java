package org.dilort.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.dilort.heads.HeadSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The pictures of the documentation are what the command draws. Processors round an exponential differently in its last
 * bit, which may turn the last digit of a coordinate: numbers are compared to 0.02 of a pixel, all else exactly.
 */
class HeadPicturesTest {
    private static final Path FOLDER = Path.of("docs/heads");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");

    @ParameterizedTest
    @ValueSource(strings = {"lsif", "ukl", "bce", "dpo"})
    void pictureIsWhatTheCommandDraws(String head) throws IOException {
        Path file = FOLDER.resolve(head + ".svg");
        String drawn = HeadChart.of(HeadSpec.of(head)).toSvg();
        if (Boolean.getBoolean("dil.write")) {
            Files.createDirectories(FOLDER);
            Files.writeString(file, drawn);
        }
        String kept = Files.readString(file);
        assertThat(NUMBER.matcher(kept).replaceAll("#"))
                .as("%s; to draw it anew: ./dil-ort heads show %s --out %s", file, head, file)
                .isEqualTo(NUMBER.matcher(drawn).replaceAll("#"));
        assertThat(numbers(kept))
                .usingElementComparator(HeadPicturesTest::apart)
                .isEqualTo(numbers(drawn));
    }

    private static List<Double> numbers(String svg) {
        return NUMBER.matcher(svg)
                .results()
                .map(number -> Double.valueOf(number.group()))
                .toList();
    }

    private static int apart(double one, double other) {
        return Math.abs(one - other) <= 0.02 ? 0 : Double.compare(one, other);
    }

    @Test
    void comparisonSeesAMovedCurve() {
        assertThat(numbers("<path d=\"M1 2.25L-3 4\"/>")).containsExactly(1.0, 2.25, -3.0, 4.0);
        assertThat(apart(2.25, 2.3)).isNegative();
    }
}
