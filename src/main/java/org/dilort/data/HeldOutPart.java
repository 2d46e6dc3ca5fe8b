package org.dilort.data;

/**
 * Where the pairs of one source of held-out pairs are.
 *
 * @param name empty where the source has none
 * @param from number of its first pair
 * @param until number after its last pair; pairs that were dropped have numbers too
 */
public record HeldOutPart(String name, long from, long until) {
    boolean has(TokenizedPair pair) {
        return pair.index() >= from && pair.index() < until;
    }
}
