package org.dilort.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.ArrayList;
import java.util.List;
import org.dilort.export.ScoredToken;

/** Tokens of one answer that are not sent yet; none are kept where nobody asked for scores. */
final class ScoredTokens {
    private final Replies.Kind kind;
    private final boolean asked;
    private final List<ScoredToken> waiting = new ArrayList<>();
    private int offset;

    ScoredTokens(Replies.Kind kind, ApiRequest request) {
        this.kind = kind;
        this.asked = request.settings().scored();
    }

    void add(ScoredToken token) {
        waiting.add(token);
    }

    /** What came since the last time, as the answer's {@code logprobs}. */
    JsonNode take() {
        if (!asked) {
            return NullNode.getInstance();
        }
        List<ScoredToken> tokens = List.copyOf(waiting);
        waiting.clear();
        JsonNode logprobs = kind == Replies.Kind.CHAT ? Logprobs.ofChat(tokens) : Logprobs.ofText(tokens, offset);
        offset += tokens.stream().mapToInt(token -> token.text().length()).sum();
        return logprobs;
    }
}
