package org.dilort.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Several completions of one prompt with scores or ranks, made into pairs.
 *
 * <pre>{@code
 * {"prompt": ..., "completions": ["a", "b", "c"], "scores": [1, 3, 2]}        the greatest score is best
 * {"context": [...], "completions": [{"rank": 0, "completion": [...]}, ...]}  NeMo: the least rank is best
 * {"instruction": ..., "completions": [{"response": ..., "overall_score": 7}]}  UltraFeedback as it was collected
 * {"prompt": ..., "answers": [{"answer": ..., "rank": 1}, ...]}
 * }</pre>
 *
 * UltraFeedback's {@code fine-grained_score}, the mean over its aspects, goes before its {@code overall_score}.
 */
record RankedRows(RankedPairs pairs) implements RowShape {
    private static final List<String> PROMPTS = List.of(PairFields.PROMPT, "instruction", "context", "question");
    private static final List<String> LISTS = List.of("completions", "responses", "answers");
    private static final List<String> TEXTS = List.of("completion", "response", "answer", "text", "content");
    private static final List<String> SCORES = List.of("fine-grained_score", "overall_score", "score", "rating");
    private static final int MAX_COMPLETIONS = 100;

    @Override
    public String label() {
        return "ranked completions";
    }

    @Override
    public boolean fits(JsonLine row) {
        return !row.has(PairFields.CHOSEN) && LISTS.stream().anyMatch(row::isList);
    }

    @Override
    public void parse(JsonLine row, Consumer<? super PreferenceExample> sink) {
        String prompt = first(PROMPTS, row.root())
                .orElseThrow(() -> row.error("prompt: missing, expected one of " + String.join(", ", PROMPTS)));
        List<Completion> completions = completions(row);
        completions.sort(Comparator.comparingDouble(Completion::score).reversed());
        if (pairs == RankedPairs.BEST_WORST) {
            pair(row, prompt, completions.get(0), completions.get(completions.size() - 1), sink);
            return;
        }
        for (int better = 0; better < completions.size(); better++) {
            for (Completion worse : completions.subList(better + 1, completions.size())) {
                pair(row, prompt, completions.get(better), worse, sink);
            }
        }
    }

    /** @param score the greater, the better */
    private record Completion(JsonNode response, String path, double score) {}

    private static void pair(
            JsonLine row,
            String prompt,
            Completion better,
            Completion worse,
            Consumer<? super PreferenceExample> sink) {
        if (better.score() == worse.score()) {
            return;
        }
        if (better.response().isTextual() && row.isText(prompt)) {
            sink.accept(new PreferenceExample.Text(
                    row.source(), row.text(prompt, "prompt"), text(row, better), text(row, worse)));
            return;
        }
        sink.accept(new PreferenceExample.Messages(
                row.source(), promptMessages(row, prompt), messages(row, better), messages(row, worse)));
    }

    private static String text(JsonLine row, Completion completion) {
        String text = row.requireText(completion.response(), completion.path());
        if (text.isEmpty()) {
            throw row.error(completion.path() + ": empty response");
        }
        return text;
    }

    private static List<Message> messages(JsonLine row, Completion completion) {
        List<Message> messages = completion.response().isTextual()
                ? List.of(new Message("assistant", text(row, completion)))
                : row.messages(completion.response(), completion.path(), "response");
        return row.response(completion.path(), messages);
    }

    private static List<Message> promptMessages(JsonLine row, String prompt) {
        return row.isText(prompt)
                ? List.of(new Message("user", row.text(prompt, "prompt")))
                : row.messages(prompt, "prompt");
    }

    private static List<Completion> completions(JsonLine row) {
        String name = LISTS.stream().filter(row::isList).findFirst().orElseThrow();
        JsonNode list = row.require(name);
        if (list.size() < 2 || list.size() > MAX_COMPLETIONS) {
            throw row.error(name + ": got " + list.size() + " completions, expected 2 to " + MAX_COMPLETIONS);
        }
        List<Completion> completions = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode entry = list.get(i);
            String path = name + "[" + i + "]";
            Optional<String> field = first(TEXTS, entry);
            JsonNode response = entry.isObject() && field.isPresent() ? entry.get(field.get()) : entry;
            String responsePath = field.map(text -> path + "." + text).orElse(path);
            completions.add(new Completion(response, responsePath, score(row, entry, path, i)));
        }
        return completions;
    }

    private static double score(JsonLine row, JsonNode entry, String path, int index) {
        Optional<String> own = first(SCORES, entry);
        if (own.isPresent()) {
            return number(row, entry.get(own.get()), path + "." + own.get());
        }
        if (entry.hasNonNull("rank")) {
            return -number(row, entry.get("rank"), path + ".rank");
        }
        for (String beside : List.of("scores", "ratings")) {
            if (row.isList(beside)) {
                return number(row, row.root().get(beside).path(index), beside + "[" + index + "]");
            }
        }
        if (row.isList("ranks")) {
            return -number(row, row.root().get("ranks").path(index), "ranks[" + index + "]");
        }
        throw row.error(path + ": neither score nor rank, so that none of the completions is the better one");
    }

    private static double number(JsonLine row, JsonNode node, String path) {
        if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
            throw row.error(path + ": got " + JsonLine.describe(node) + ", expected a number");
        }
        return node.doubleValue();
    }

    private static Optional<String> first(List<String> names, JsonNode object) {
        Stream<String> present = names.stream().filter(object::hasNonNull);
        return present.findFirst();
    }
}
