package org.dilort.input;

import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A reader of Parquet files, found as a service so that its heavy libraries may be left out.
 *
 * <p>Columns become fields, lists and structs become lists and objects, null is null.
 */
public interface TableReader {

    /**
     * Hands over every row, in order.
     *
     * @throws org.dilort.error.DataException naming the file and the row
     */
    void read(Path file, Consumer<? super InputRow> sink);
}
