package org.dilort.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The sections of a run's page, from what is most asked for to what is least. */
final class RunPage {
    private static final int SHOWN_SAMPLES = 12;

    private final RunRecord run;
    private final Html page = new Html();

    private RunPage(RunRecord run) {
        this.run = run;
    }

    static String of(RunRecord run) {
        return new RunPage(run).sections();
    }

    private String sections() {
        header();
        tiles();
        remarks();
        beforeAndAfter();
        curves();
        samples();
        data();
        config();
        return page.toString();
    }

    private void header() {
        page.open("header", "").element("h1", "", run.name());
        page.open("p", "state").text(state());
        run.summary().heads().forEach(head -> page.element("span", "tag", head));
        if (!run.summary().model().isEmpty()) {
            page.element("span", "tag", "from " + run.summary().model());
        }
        page.close("p").close("header");
    }

    private String state() {
        String where = "step " + run.metrics().lastStep() + " of " + run.steps();
        return switch (run.summary().state()) {
            case COMPLETED -> where + ", completed ";
            case INTERRUPTED -> where + ", interrupted and ready to be resumed ";
            case BEGUN -> where + ", under way, or ended without a word ";
        };
    }

    private void tiles() {
        Metrics metrics = run.metrics();
        page.open("dl", "tiles");
        tile("loss", Html.number(metrics.of("loss").last()));
        Series heldOut = metrics.of("eval_accuracy");
        if (heldOut.size() > 0) {
            tile("held-out accuracy", Html.number(heldOut.last()));
        } else if (metrics.of("rewards/accuracies").size() > 0) {
            tile("accuracy", Html.number(metrics.of("rewards/accuracies").last()));
        }
        if (metrics.of("rewards/margins").size() > 0) {
            tile("margin of rewards", Html.number(metrics.of("rewards/margins").last()));
        }
        tile(
                "tokens a second, median",
                Html.number(metrics.of("tokens_per_second").median()));
        tile("time in steps", duration(Math.round(metrics.of("step_seconds").sum())));
        page.close("dl");
    }

    private void tile(String name, String value) {
        page.open("div", "").element("dt", "", name).element("dd", "", value).close("div");
    }

    private static String duration(long seconds) {
        if (seconds < 60) {
            return seconds + " s";
        }
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d min", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d h", seconds / 3600, seconds / 60 % 60);
    }

    private void remarks() {
        if (run.remarks().isEmpty()) {
            return;
        }
        heading("remarks", "The doctor's remarks");
        page.open("ul", "remarks");
        for (JsonNode remark : run.remarks()) {
            String severity = remark.path("severity").asText().toLowerCase(Locale.ROOT);
            page.open("li", severity.equals("warning") ? "warning" : "note")
                    .element("b", "", "step " + remark.path("step").asText())
                    .text(" " + remark.path("text").asText() + " ")
                    .element("small", "", remark.path("page").asText())
                    .close("li");
        }
        page.close("ul");
    }

    private void beforeAndAfter() {
        RunSummary summary = run.summary();
        if (summary.before().isEmpty() || summary.after().isEmpty()) {
            return;
        }
        heading("held-out", "Held-out pairs");
        page.open("table", "");
        page.raw("<tr><th scope=\"col\"></th><th scope=\"col\">before</th><th scope=\"col\">after</th></tr>");
        for (Headline headline : Headline.values()) {
            row(headline.labelWithUnit(), headline.metric(), summary);
        }
        for (String set : Headline.sets(summary.before().keySet())) {
            for (Headline headline : Headline.values()) {
                row(set + ": " + headline.labelWithUnit(), headline.metric(set), summary);
            }
        }
        page.close("table");
    }

    private void row(String name, String metric, RunSummary summary) {
        if (summary.before().containsKey(metric) && summary.after().containsKey(metric)) {
            page.raw("<tr><th scope=\"row\">").text(name).raw("</th>");
            page.element("td", "", Html.number(summary.before().get(metric)));
            page.element("td", "", Html.number(summary.after().get(metric))).raw("</tr>\n");
        }
    }

    private void curves() {
        List<Curves> panels = Panels.of(run);
        if (panels.isEmpty()) {
            page.element("p", "", "No step is done yet.");
            return;
        }
        heading("curves", "Curves");
        page.open("div", "figures");
        panels.forEach(panel -> panel.draw(page, run.steps()));
        page.close("div");
    }

    private void samples() {
        SortedMap<Integer, SortedMap<Long, JsonNode>> byQuestion = new TreeMap<>();
        for (JsonNode sample : run.samples()) {
            byQuestion
                    .computeIfAbsent(sample.path("index").asInt(), index -> new TreeMap<>())
                    .put(sample.path("step").asLong(), sample);
        }
        if (byQuestion.isEmpty()) {
            return;
        }
        heading("samples", "Answers to held-out prompts");
        byQuestion.values().stream().limit(SHOWN_SAMPLES).forEach(this::sample);
    }

    private void sample(SortedMap<Long, JsonNode> answers) {
        List<Map.Entry<Long, JsonNode>> steps = List.copyOf(answers.entrySet());
        JsonNode first = steps.get(0).getValue();
        page.open("section", "sample");
        page.element("pre", "prompt", first.path("prompt").asText());
        page.open("table", "");
        answer("chosen in the data", first.path("chosen").asText(), MissingNode.getInstance());
        int from = 0;
        for (int i = 0; i < steps.size(); i++) {
            JsonNode sample = steps.get(i).getValue();
            boolean last = i + 1 == steps.size();
            if (last || !text(steps.get(i + 1).getValue()).equals(text(sample))) {
                answer(steps(steps.get(from).getKey(), steps.get(i).getKey()), text(sample), sample.path("right"));
                from = i + 1;
            }
        }
        page.close("table").close("section");
    }

    private static String text(JsonNode sample) {
        return sample.path("answer").asText();
    }

    private static String steps(long from, long to) {
        String first = from == 0 ? "before" : "step " + from;
        return from == to ? first : first + " to " + to;
    }

    private void answer(String who, String text, JsonNode right) {
        String verdict = right.isBoolean() ? (right.asBoolean() ? " ✓" : " ✗") : "";
        page.raw("<tr><th scope=\"row\">").text(who + verdict).raw("</th><td><pre>");
        page.text(text).raw("</pre></td></tr>\n");
    }

    private void data() {
        if (run.summary().data().isEmpty()) {
            return;
        }
        heading("data", "Data");
        page.open("ul", "data");
        run.summary().data().forEach(line -> page.element("li", "", line));
        page.close("ul");
    }

    private void config() {
        if (run.config().isEmpty()) {
            return;
        }
        page.raw("<details id=\"config\"><summary><h2>Configuration</h2></summary>\n");
        page.element("pre", "config", run.config()).close("details");
    }

    private void heading(String id, String title) {
        page.raw("<h2 id=\"" + id + "\">").text(title).raw("</h2>\n");
    }
}
