package org.dilort.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.dilort.error.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ChartTest {
    @TempDir
    private Path folder;

    private static Chart chart(String title, Curve... curves) {
        Panel panel = new Panel("loss", "x", new Range(0, 4), new Range(-1, 1), List.of(curves));
        return new Chart(title, List.of("y = x"), List.of(panel, panel), List.of("a note"));
    }

    private static Curve curve(double... y) {
        double[] x = new double[y.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = i;
        }
        return new Curve("y", x, y);
    }

    private static Document parsed(Chart chart) {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(chart.toSvg().getBytes(StandardCharsets.UTF_8)));
        } catch (Exception e) {
            throw new AssertionError(chart.toSvg(), e);
        }
    }

    private static List<Element> elements(Chart chart, String kind) {
        NodeList all = parsed(chart).getElementsByTagName("*");
        List<Element> found = new ArrayList<>();
        for (int i = 0; i < all.getLength(); i++) {
            Element element = (Element) all.item(i);
            if (element.getAttribute("class").equals(kind)) {
                found.add(element);
            }
        }
        return found;
    }

    private static String path(double... y) {
        return elements(chart("t", curve(y)), "curve0").stream()
                .filter(element -> element.getTagName().equals("path"))
                .findFirst()
                .orElseThrow()
                .getAttribute("d");
    }

    /**
     * The first of two panels: (760 - 48 - 28) / 2 = 342 wide from 24, less 46 of labels, so x 0 to 4 is 70 to 366;
     * from 72 (24 + 30 + a line of 18) on 330 high, less 50 above and 40 below, so y 1 to -1 is 122 to 362.
     */
    @Test
    void pointsLieWhereTheAxesSay() {
        assertThat(path(0, 1, -1, 0.5, 0)).isEqualTo("M70 242L144 122L218 362L292 182L366 242");
    }

    /** From 0 up to 2 the line leaves at half the way; from 2 down to -2 it is in range from a quarter to three. */
    @Test
    void lineIsCutAtTheRangesEdges() {
        assertThat(path(0, 2, -2, 0, 3)).isEqualTo("M70 242L107 122M162.5 122L199.5 362M255 362L292 242L316.67 122");
    }

    @Test
    void lineIsInterruptedWhereThereIsNoNumber() {
        assertThat(path(0, 0, Double.NaN, 0, 0)).isEqualTo("M70 242L144 242M292 242L366 242");
        assertThat(path(Double.NaN, Double.POSITIVE_INFINITY, 5, 5, 0)).isEqualTo("M351.2 122L366 242");
        assertThat(path(5, 5, 5, 5, 5)).isEmpty();
    }

    @Test
    void cutsAreTold() {
        List<String> notes = elements(chart("t", curve(0, 1.5, -20.25, 0, 0.5)), "note").stream()
                .map(Element::getTextContent)
                .toList();
        assertThat(notes).startsWith("a note", "Cut in \"loss\": y goes on to -20.25 at 2.");
    }

    @Test
    void textIsEscaped() {
        String title = "a < b & \"c\" > d\n\u0000\ud800 \ufffe é";
        assertThat(elements(chart(title, curve(0, 0)), "title").get(0).getTextContent())
                .isEqualTo("a < b & \"c\" > d??? ? é");
    }

    @Test
    void longLinesAreWrapped() {
        String formula = "f(x) + ".repeat(30).strip();
        Panel panel = chart("t", curve(0, 0)).panels().get(0);
        List<String> lines = elements(new Chart("t", List.of(formula), List.of(panel), List.of()), "formula").stream()
                .map(Element::getTextContent)
                .toList();
        assertThat(lines)
                .hasSize(3)
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(88));
        assertThat(String.join(" ", lines)).isEqualTo(formula);
    }

    @Test
    void bringsABackgroundForBothKindsOfPages() {
        assertThat(elements(chart("t", curve(0, 0)), "page")).hasSize(1);
        assertThat(chart("t", curve(0, 0)).toSvg()).contains("prefers-color-scheme: dark");
    }

    @Test
    void writesAFileOrSaysWhyNot() throws IOException {
        Chart chart = chart("t", curve(0, 0));
        chart.write(folder.resolve("t.svg"));
        assertThat(Files.readString(folder.resolve("t.svg"))).isEqualTo(chart.toSvg());
        assertThat(folder).isDirectoryContaining("glob:**/t.svg");
        Path nowhere = folder.resolve("none/t.svg");
        assertThatThrownBy(() -> chart.write(nowhere))
                .isInstanceOf(UserException.class)
                .hasMessage("cannot write " + nowhere + ": there is no such folder");
    }

    @Test
    void whatCannotBeDrawnIsRefused() {
        assertThatThrownBy(() -> new Curve("y", new double[] {0, 1}, new double[] {0}))
                .hasMessage("2 x and 1 y in curve y");
        assertThatThrownBy(() -> new Curve("y", new double[] {0, 0}, new double[] {0, 1}))
                .hasMessage("x[1] = 0.0 after 0.0 in y");
        assertThatThrownBy(() -> new Chart("t", List.of(), List.of(), List.of()))
                .hasMessage("chart t has no panel");
        Curve[] nine = Stream.generate(() -> curve(0)).limit(9).toArray(Curve[]::new);
        assertThatThrownBy(() -> chart("t", nine)).hasMessage("9 curves, expected at most 8");
    }
}
