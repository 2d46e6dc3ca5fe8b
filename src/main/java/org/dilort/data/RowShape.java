package org.dilort.data;

import java.util.function.Consumer;

/** One way in which a row can hold preferences. */
interface RowShape {

    /** For people, plural: {@code strings with a prompt}. */
    String label();

    /** Whether a row has this shape's fields, whatever is in them. */
    boolean fits(JsonLine row);

    /**
     * Hands over the examples of a row that fits: one in most shapes.
     *
     * @throws org.dilort.error.DataException naming the place and the field of what is wrong
     */
    void parse(JsonLine row, Consumer<? super PreferenceExample> sink);
}
