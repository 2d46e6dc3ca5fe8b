package org.dilort.input;

import java.io.IOException;
import java.util.function.Consumer;
import org.dilort.error.DataException;

/** Reads the rows of one file. */
interface RowReader {

    /**
     * Hands over every row, in order, without holding more than one.
     *
     * @throws DataException naming the place of what is wrong
     */
    void read(Consumer<? super InputRow> sink) throws IOException;
}
