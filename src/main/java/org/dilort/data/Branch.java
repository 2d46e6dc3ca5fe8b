package org.dilort.data;

/**
 * What follows a trunk: a lead that is not scored, mostly empty, and a response.
 *
 * @param id 1 chosen, 2 rejected
 */
record Branch(int id, int[] lead, int[] response) {
    static final int CHOSEN = 1;
    static final int REJECTED = 2;

    int length() {
        return lead.length + response.length;
    }
}
