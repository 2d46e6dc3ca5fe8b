package org.dilort.data;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The texts that a tokenizer reads as one special token, wherever they stand. */
final class SpecialTexts {
    private final Map<Character, List<String>> byFirst;

    SpecialTexts(Collection<String> texts) {
        this.byFirst =
                texts.stream().filter(text -> !text.isEmpty()).collect(Collectors.groupingBy(text -> text.charAt(0)));
    }

    /** The first one in a text. */
    Optional<String> in(String text) {
        for (int i = 0; i < text.length(); i++) {
            for (String special : byFirst.getOrDefault(text.charAt(i), List.of())) {
                if (text.startsWith(special, i)) {
                    return Optional.of(special);
                }
            }
        }
        return Optional.empty();
    }
}
