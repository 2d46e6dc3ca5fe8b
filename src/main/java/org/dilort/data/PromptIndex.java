package org.dilort.data;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dilort.files.Sha256;
import org.dilort.input.SourceLine;

/** The prompts of a data set by 64 bits of their hash, each with the place where it was first. */
final class PromptIndex {
    private final Map<Long, SourceLine> first = new LinkedHashMap<>();

    static long hash(PreferenceExample example) {
        byte[] key = PromptShare.key(example).getBytes(StandardCharsets.UTF_8);
        return Long.parseUnsignedLong(Sha256.of(key).substring(0, 2 * Long.BYTES), 16);
    }

    void add(long hash, SourceLine source) {
        first.putIfAbsent(hash, source);
    }

    /** The prompts of a held-out set that are in this one too. */
    List<Finding> leaks(PromptIndex heldOut) {
        return heldOut.first.entrySet().stream()
                .filter(prompt -> first.containsKey(prompt.getKey()))
                .map(prompt ->
                        new Finding(FindingKind.LEAKED_PROMPT, prompt.getValue(), "also " + first.get(prompt.getKey())))
                .toList();
    }
}
