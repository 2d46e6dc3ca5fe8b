package org.dilort.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TensorNamesTest {
    private static final List<String> NAMES = List.of(
            "model.embed_tokens.weight",
            "model.layers.0.self_attn.q_proj.weight",
            "model.norm.weight",
            "lm_head.weight");

    @Test
    void findsTheNearestName() {
        assertThat(TensorNames.nearest("model.layers.0.self_attn.q.weight", NAMES))
                .contains("model.layers.0.self_attn.q_proj.weight");
        assertThat(TensorNames.nearest("norm.weight", NAMES)).isEmpty();
        assertThat(TensorNames.nearest("model.norm.weights", NAMES)).contains("model.norm.weight");
    }

    @Test
    void namesNothingThatIsFarAway() {
        assertThat(TensorNames.nearest("transformer.h.0.attn.c_attn.weight", NAMES))
                .isEmpty();
        assertThat(TensorNames.nearest("x", List.of())).isEmpty();
    }

    @Test
    void printsOneShortLine() {
        assertThat(TensorNames.printable("a\nb\u2028\u001b[31m")).isEqualTo("a\\u000ab\\u2028\\u001b[31m");
        assertThat(TensorNames.printable("n".repeat(5_000))).hasSize(203).endsWith("...");
    }

    @Test
    void listsTheFirstFive() {
        assertThat(TensorNames.list(List.of("a", "b"))).isEqualTo("a, b");
        assertThat(TensorNames.list(List.of("a", "b", "c", "d", "e", "f", "g"))).isEqualTo("a, b, c, d, e and 2 more");
    }
}
