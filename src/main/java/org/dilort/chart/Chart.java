package org.dilort.chart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dilort.error.UserException;
import org.dilort.files.DurableFiles;

/**
 * Panels under a title, two in a row.
 *
 * @param formulas lines in fixed pitch under the title
 * @param notes what a reader must know to read the curves; what was cut is added by itself
 */
public record Chart(String title, List<String> formulas, List<Panel> panels, List<String> notes) {
    private static final double WIDTH = 760;
    private static final double MARGIN = 24;
    private static final double GAP = 28;
    private static final double PANEL = 330;
    private static final int ROW_PANELS = 2;
    private static final double LINE = 18;
    private static final int FORMULA_LETTERS = 88;
    private static final int NOTE_LETTERS = 105;

    public Chart {
        formulas = List.copyOf(formulas);
        panels = List.copyOf(panels);
        notes = List.copyOf(notes);
        if (panels.isEmpty()) {
            throw new IllegalArgumentException("chart " + title + " has no panel");
        }
    }

    /** The same chart always gives the same text. */
    public String toSvg() {
        List<String> head = wrapped(formulas, FORMULA_LETTERS);
        List<String> foot = wrapped(allNotes(), NOTE_LETTERS);
        double panelTop = MARGIN + 30 + head.size() * LINE;
        int rows = (panels.size() + ROW_PANELS - 1) / ROW_PANELS;
        double footTop = panelTop + rows * PANEL + (rows - 1) * GAP + 8;
        double height = footTop + foot.size() * LINE + MARGIN - 8;
        Svg svg = new Svg(WIDTH, height);
        svg.described("title", title);
        svg.described("desc", String.join("; ", formulas));
        svg.style(Style.SHEET);
        svg.rectangle("page", 0, 0, WIDTH, height);
        svg.text("title", MARGIN, MARGIN + 12, title);
        texts(svg, "formula", head, MARGIN + 34);
        int columns = Math.min(ROW_PANELS, panels.size());
        double width = (WIDTH - 2 * MARGIN - (columns - 1) * GAP) / columns;
        for (int i = 0; i < panels.size(); i++) {
            double left = MARGIN + i % columns * (width + GAP);
            int row = i / columns;
            double top = panelTop + row * (PANEL + GAP);
            PanelDrawing.draw(svg, panels.get(i), left, top, width, PANEL);
        }
        texts(svg, "note", foot, footTop + 12);
        return svg.toString();
    }

    /** Writes beside the file and moves it into place. */
    public void write(Path file) {
        try {
            DurableFiles.replace(file, toSvg().getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            throw new UserException("cannot write " + file + ": there is no such folder", e);
        } catch (IOException e) {
            throw new UserException("cannot write " + file + ": " + DurableFiles.reason(e), e);
        }
    }

    private static void texts(Svg svg, String kind, List<String> lines, double baseline) {
        for (int i = 0; i < lines.size(); i++) {
            svg.text(kind, MARGIN, baseline + i * LINE, lines.get(i));
        }
    }

    private List<String> allNotes() {
        List<String> all = new ArrayList<>(notes);
        for (Panel panel : panels) {
            if (!panel.cuts().isEmpty()) {
                all.add("Cut in \"" + panel.title() + "\": " + String.join(", ", panel.cuts()) + ".");
            }
        }
        return all;
    }

    private static List<String> wrapped(List<String> texts, int letters) {
        List<String> lines = new ArrayList<>();
        for (String text : texts) {
            StringBuilder line = new StringBuilder();
            for (String word : text.split(" ")) {
                if (line.length() > 0 && line.length() + 1 + word.length() > letters) {
                    lines.add(line.toString());
                    line.setLength(0);
                }
                line.append(line.length() == 0 ? "" : " ").append(word);
            }
            lines.add(line.toString());
        }
        return lines;
    }
}
