package org.dilort.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelCardTest {
    @TempDir
    private Path temp;

    private Path card() {
        return temp.resolve("README.md");
    }

    @Test
    void aSectionIsPutBeforeTheHashesAndInPlaceOfItself() throws IOException {
        Files.writeString(card(), "# m\n\nwords\n" + FileHashes.HEADING + "    abc  f\n");
        ModelCard.putSection(temp, "Training", List.of("- first"));
        ModelCard.putSection(temp, "Variants", List.of("| a |"));
        ModelCard.putSection(temp, "Training", List.of("- second", "", "more"));

        assertThat(card())
                .content()
                .isEqualTo("# m\n\nwords\n\n## Training\n\n- second\n\nmore\n\n## Variants\n\n| a |\n\nSHA-256:\n\n"
                        + "    abc  f\n");
    }

    @Test
    void aCardWithoutHashesTakesSectionsAtItsEnd() throws IOException {
        Files.writeString(card(), "# m\n");
        ModelCard.putSection(temp, "Training", List.of("- first"));
        assertThat(card()).content().isEqualTo("# m\n\n## Training\n\n- first\n");
    }

    @Test
    void whereThereIsNoCardNoneIsMade() {
        ModelCard.putSection(temp, "Training", List.of("- first"));
        assertThat(ModelCard.isIn(temp)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "---\\nlicense: apache-2.0\\n---\\n# m | apache-2.0",
                "---\\ntags:\\n- a\\nlicense: llama3.1 \\n---\\n | llama3.1",
                "---\\nlicense: [a, b]\\n---\\n | other",
                "---\\nlicense:\\n---\\n | other",
                "# m\\nlicense: mit\\n | other",
                "---\\nlicense: mit | other",
                "text\\n---\\nlicense: mit\\n---\\n | other"
            })
    void theLicenceIsThatOfTheModelsHead(String text, String licence) throws IOException {
        Files.writeString(card(), text.replace("\\n", "\n"));
        assertThat(Licence.of(temp)).isEqualTo(licence);
    }

    @Test
    void aTitleIsOneLine() {
        assertThat(Licence.of(temp)).isEqualTo(Licence.UNKNOWN);
        for (String title : new String[] {"", " ", "a\nb"}) {
            assertThatIllegalArgumentException().isThrownBy(() -> ModelCard.titled(title));
        }
    }
}
