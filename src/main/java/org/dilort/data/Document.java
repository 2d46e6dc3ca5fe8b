package org.dilort.data;

import java.util.ArrayList;
import java.util.List;

/**
 * A trunk and its branches, which lie side by side in one row.
 *
 * @param pair number of the pair within the optimizer step
 */
record Document(int pair, int[] trunk, List<Branch> branches) {

    Document {
        branches = List.copyOf(branches);
    }

    static Document of(int number, TokenizedPair pair) {
        List<Branch> branches = new ArrayList<>();
        branches.add(new Branch(Branch.CHOSEN, pair.chosenLead(), pair.chosen()));
        if (pair.hasRejected()) {
            branches.add(new Branch(Branch.REJECTED, pair.rejectedLead(), pair.rejected()));
        }
        return new Document(number, pair.trunk(), branches);
    }

    int length() {
        int length = trunk.length;
        for (Branch branch : branches) {
            length += branch.length();
        }
        return length;
    }

    /** The same sequences as documents of one branch each. */
    List<Document> sequences() {
        return branches.stream()
                .map(branch -> new Document(pair, trunk, List.of(branch)))
                .toList();
    }
}
