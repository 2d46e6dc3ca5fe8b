package org.dilort.data;

/**
 * A response after its trunk.
 *
 * @param id 1 chosen, 2 rejected
 */
record Branch(int id, int[] tokens) {
    static final int CHOSEN = 1;
    static final int REJECTED = 2;
}
