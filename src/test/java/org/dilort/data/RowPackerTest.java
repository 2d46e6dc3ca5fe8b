package org.dilort.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RowPackerTest {

    @Test
    void putsTheLongestFirstIntoTheFullestRowThatHasRoom() {
        // 6 | 5 -> two rows, 4 fills the first, 3 and 2 fill the second.
        assertThat(pack(10, 2, 6, 3, 5, 4)).containsExactly(List.of(6, 4), List.of(5, 3, 2));
    }

    @Test
    void prefersTheFullerOfTwoRows() {
        // 7 leaves 3 and 6 leaves 4: the 3 goes where it leaves nothing.
        assertThat(pack(10, 6, 7, 3)).containsExactly(List.of(7, 3), List.of(6));
    }

    @Test
    void givesALongDocumentARowOfItsOwn() {
        assertThat(pack(10, 1, 25, 9)).containsExactly(List.of(25), List.of(9, 1));
    }

    @Test
    void keepsTheOrderOfDocumentsOfOneLength() {
        List<Row> rows = RowPacker.pack(documents(3, 3, 3), 6);

        assertThat(rows.get(0).documents()).extracting(Document::pair).containsExactly(0, 1);
        assertThat(rows.get(1).documents()).extracting(Document::pair).containsExactly(2);
    }

    @Test
    void losesNothingAndNeedsLittleMoreThanTheTokens() {
        long seed = 77;
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 200; round++) {
            int[] lengths = random.ints(1 + random.nextInt(60), 1, 50).toArray();
            List<List<Integer>> rows = pack(64, lengths);
            int total = rows.stream().flatMap(List::stream).mapToInt(i -> i).sum();

            assertThat(rows.stream().mapToInt(List::size).sum())
                    .as("seed %d", seed)
                    .isEqualTo(lengths.length);
            assertThat(rows)
                    .as("seed %d", seed)
                    .allMatch(row -> row.stream().mapToInt(i -> i).sum() <= 64);
            // Any two rows together hold more than one row can, or their documents would share one.
            assertThat(rows.size()).as("seed %d", seed).isLessThanOrEqualTo(2 * total / 64 + 1);
        }
    }

    private static List<List<Integer>> pack(int rowTokens, int... lengths) {
        return RowPacker.pack(documents(lengths), rowTokens).stream()
                .map(row -> row.documents().stream().map(Document::length).toList())
                .toList();
    }

    private static List<Document> documents(int... lengths) {
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < lengths.length; i++) {
            documents.add(new Document(i, new int[lengths[i]], List.of()));
        }
        return documents;
    }
}
