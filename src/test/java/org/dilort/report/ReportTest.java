package org.dilort.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.dilort.error.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private static final Pattern REFERENCE = Pattern.compile("(?:href|src|url)\\s*[=(]\\s*[\"']?([^\"')\\s>]+)");

    @TempDir
    private Path temp;

    private String page(Path run) throws IOException {
        Path file = temp.resolve("page.html");
        Report.ofRun(run, file);
        return Files.readString(file);
    }

    @Test
    void tellsWhatARunCameTo() throws IOException {
        Path run = RunFolders.write(temp.resolve("my-run"), 4, 4, Map.of("accuracy", 0.75));
        String page = page(run);
        assertThat(page).contains("<title>my-run – dil-ort</title>", "step 4 of 4, completed");
        assertThat(page).contains("<dt>loss</dt>\n<dd>0.25</dd>", "<dt>time in steps</dt>\n<dd>2 s</dd>");
        assertThat(page).contains("<th scope=\"row\">preference accuracy</th><td>0.5</td>\n<td>0.75</td>");
        assertThat(page).contains("<b>Loss</b>", "Loss: training from 1 to 0.25");
        assertThat(page).doesNotContain("<b>Gradient norm</b>", "Answers to held-out prompts");
    }

    /** What was measured before training is the curve's point at step 0: here an accuracy of 0.5. */
    @Test
    void heldOutCurvesBeginBeforeTraining() throws IOException {
        Path run = RunFolders.write(temp.resolve("run"), 2, 2, Map.of("accuracy", 0.75));
        Files.writeString(
                run.resolve("metrics.jsonl"), "{\"step\":2,\"eval_accuracy\":0.75}\n", StandardOpenOption.APPEND);
        assertThat(page(run)).contains("under the model, held out from 0.5 to 0.75");
    }

    @Test
    void tellsOfARunThatIsNotOver() throws IOException {
        Path run = RunFolders.write(temp.resolve("run"), 9, 3, Map.of());
        assertThat(page(run)).contains("step 3 of 9, under way, or ended without a word");
        Path begun = RunFolders.write(temp.resolve("begun"), 9, 0, Map.of());
        assertThat(page(begun)).contains("step 0 of 9", "No step is done yet.");
    }

    @Test
    void asksNothingOfTheNetwork() throws IOException {
        String page = page(RunFolders.write(temp.resolve("run"), 4, 4, Map.of("accuracy", 0.75)));
        assertThat(REFERENCE.matcher(page).results().map(found -> found.group(1)))
                .isNotEmpty()
                .allMatch(target -> target.startsWith("data:"));
        assertThat(page).contains("default-src 'none'").doesNotContain("connect-src");
    }

    /** Texts come from data files and models: nothing in them may become part of the page. */
    @Test
    void textsStayTexts() throws IOException {
        Path run = RunFolders.write(temp.resolve("run"), 1, 1, Map.of());
        String hostile = "</pre></script><script>alert('x')</script>";
        Files.writeString(
                run.resolve("samples.jsonl"),
                "{\"step\":0,\"index\":0,\"prompt\":\"" + hostile + "\",\"chosen\":\"" + hostile + "\",\"answer\":\""
                        + hostile + "\",\"right\":false}\n");
        Files.writeString(run.resolve("config.yaml"), "output: \"" + hostile + "\"\n");
        Files.writeString(
                run.resolve("remarks.jsonl"),
                "{\"step\":1,\"name\":\"x\",\"severity\":\"WARNING\",\"text\":\"" + hostile
                        + "\",\"page\":\"docs/<b>\"}\n");
        String page = page(run);
        assertThat(page).doesNotContain("<script>alert", "docs/<b>");
        assertThat(page).contains("&lt;/pre&gt;&lt;/script&gt;", "class=\"warning\"", "before ✗");
        assertThat(page.split("<script", -1)).hasSize(page.split("</script>", -1).length);
    }

    @Test
    void answersThatStayTheSameAreOneRow() throws IOException {
        Path run = RunFolders.write(temp.resolve("run"), 3, 3, Map.of());
        StringBuilder samples = new StringBuilder();
        for (int step = 0; step < 4; step++) {
            samples.append("{\"step\":" + step + ",\"index\":0,\"prompt\":\"1+1=\",\"chosen\":\"2\",\"answer\":\""
                    + (step < 2 ? 3 : 2) + "\",\"right\":" + (step >= 2) + "}\n");
        }
        Files.writeString(run.resolve("samples.jsonl"), samples);
        assertThat(page(run)).contains("before to 1 ✗", "step 2 to 3 ✓").doesNotContain("step 3 ✓");
    }

    /** 0.7 and 0.9: mean 0.8, deviation sqrt(0.02) = 0.1414. Losses are equal, so their curves have no band. */
    @Test
    void laysGroupsOverEachOther() throws IOException {
        Path one = RunFolders.write(temp.resolve("one"), 3, 3, Map.of("accuracy", 0.7));
        Path two = RunFolders.write(temp.resolve("two"), 3, 3, Map.of("accuracy", 0.9));
        Path file = temp.resolve("page.html");
        Report.ofRuns(
                "Heads", List.of(new RunGroup("lsif", List.of(one, two)), new RunGroup("dpo", List.of(one))), file);
        String page = Files.readString(file);
        assertThat(page).contains("<h1>Heads</h1>", "<th scope=\"row\">lsif</th><td>2</td>\n<td>0.8 ± 0.1414</td>");
        assertThat(page).contains("<th scope=\"row\">dpo</th><td>1</td>\n<td>0.7</td>");
        assertThat(page).contains("Margin of rewards, training: lsif from 1 to 3; dpo from 1 to 3");
    }

    @Test
    void refusesWhatNoRunHasWritten() throws IOException {
        Path file = temp.resolve("page.html");
        assertThatThrownBy(() -> Report.ofRun(temp.resolve("none"), file))
                .isInstanceOf(DataException.class)
                .hasMessage(temp.resolve("none") + ": no such folder, expected the output folder of a run");
        assertThatThrownBy(() -> Report.ofRun(temp, file))
                .hasMessage(
                        temp + ": neither metrics.jsonl nor config.yaml in it, expected the output folder of a run");
        Path run = RunFolders.write(temp.resolve("run"), 1, 1, Map.of());
        Files.writeString(run.resolve("summary.json"), "{\"state\":\"LOST\"}");
        assertThatThrownBy(() -> Report.ofRun(run, file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(run + ": cannot be read: ");
        assertThat(file).doesNotExist();
        Path whole = RunFolders.write(temp.resolve("whole"), 1, 1, Map.of());
        assertThatThrownBy(() -> Report.ofRun(whole, temp.resolve("no/such/page.html")))
                .hasMessageContaining("not written: there is no such file");
    }
}
