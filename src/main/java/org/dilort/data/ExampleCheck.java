package org.dilort.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.dilort.input.SourceLine;

/** Looks for what is wrong with an example although it can be read; thread-safe. */
final class ExampleCheck {
    private final SpecialTexts specialTexts;
    private final TokenLimits limits;

    ExampleCheck(SpecialTexts specialTexts, TokenLimits limits) {
        this.specialTexts = specialTexts;
        this.limits = limits;
    }

    /** @param cut what is left of the pair, nothing if it is dropped */
    List<Finding> findings(PreferenceExample example, TokenizedPair whole, Optional<TokenizedPair> cut) {
        List<Finding> findings = new ArrayList<>();
        Map<String, List<String>> texts = example.match(new Texts());
        texts.forEach((field, parts) -> checkText(field, parts, example.source(), findings));
        checkTokens(whole, cut, example.source(), findings);
        return findings;
    }

    private void checkText(String field, List<String> parts, SourceLine source, List<Finding> findings) {
        String all = String.join("\n", parts);
        if (!field.equals(PairFields.PROMPT) && !parts.isEmpty() && all.isBlank()) {
            findings.add(new Finding(FindingKind.BLANK_RESPONSE, source, field));
        }
        specialTexts
                .in(all)
                .ifPresent(
                        text -> findings.add(new Finding(FindingKind.SPECIAL_TEXT, source, field + " holds " + text)));
        Mojibake.in(all)
                .ifPresent(text ->
                        findings.add(new Finding(FindingKind.WRONGLY_DECODED, source, field + ": \"" + text + "\"")));
    }

    private void checkTokens(
            TokenizedPair whole, Optional<TokenizedPair> cut, SourceLine source, List<Finding> findings) {
        int prompt = Math.max(whole.chosenPrompt().length, whole.rejectedPrompt().length);
        if (prompt >= limits.maxLength()) {
            findings.add(
                    new Finding(FindingKind.LONG_PROMPT, source, prompt + " tokens of at most " + limits.maxLength()));
        }
        if (whole.identicalResponses()) {
            findings.add(new Finding(FindingKind.IDENTICAL_RESPONSES, source, ""));
        }
        if (cut.isEmpty()) {
            findings.add(new Finding(
                    FindingKind.DROPPED, source, whole.longestSequence() + " tokens of at most " + limits.maxLength()));
        }
        cut.ifPresent(left -> checkCut(whole, left, source, findings));
    }

    private static void checkCut(TokenizedPair whole, TokenizedPair left, SourceLine source, List<Finding> findings) {
        if (left.identicalResponses() && !whole.identicalResponses()) {
            findings.add(new Finding(FindingKind.IDENTICAL_AFTER_CUT, source, ""));
        }
        int promptBefore = whole.chosenPrompt().length;
        int promptAfter = left.chosenPrompt().length;
        if (promptAfter < promptBefore) {
            findings.add(new Finding(FindingKind.PROMPT_CUT, source, promptBefore + " tokens to " + promptAfter));
        }
        int before = Math.max(whole.chosen().length, whole.rejected().length);
        int after = Math.max(left.chosen().length, left.rejected().length);
        if (after < before) {
            findings.add(new Finding(FindingKind.RESPONSE_CUT, source, before + " tokens to " + after));
        }
    }

    /** The texts that a user wrote, by field. */
    private record Texts() implements PreferenceExample.Cases<Map<String, List<String>>> {

        @Override
        public Map<String, List<String>> text(PreferenceExample.Text example) {
            List<String> rejected = example.rejected().isEmpty() ? List.of() : List.of(example.rejected());
            return fields(List.of(example.prompt()), List.of(example.chosen()), rejected);
        }

        @Override
        public Map<String, List<String>> messages(PreferenceExample.Messages example) {
            return fields(contents(example.prompt()), contents(example.chosen()), contents(example.rejected()));
        }

        @Override
        public Map<String, List<String>> tokenIds(PreferenceExample.TokenIds example) {
            return Map.of();
        }

        /** A message that only calls a tool says something without a text. */
        private static List<String> contents(List<Message> messages) {
            return messages.stream()
                    .map(message -> message.json().path("tool_calls").isEmpty()
                            ? message.content()
                            : message.content() + message.json().path("tool_calls"))
                    .collect(Collectors.toList());
        }

        private static Map<String, List<String>> fields(
                List<String> prompt, List<String> chosen, List<String> rejected) {
            Map<String, List<String>> fields = new LinkedHashMap<>();
            fields.put(PairFields.PROMPT, prompt);
            fields.put(PairFields.CHOSEN, chosen);
            fields.put(PairFields.REJECTED, rejected);
            return fields;
        }
    }
}
