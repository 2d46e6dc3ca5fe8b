package org.dilort.input;

import java.nio.file.Path;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import org.dilort.error.DataException;

/** Parquet, where the build has its reader. */
final class Parquet {
    private Parquet() {}

    static void read(Path file, Consumer<? super InputRow> sink) {
        try {
            ServiceLoader.load(TableReader.class)
                    .findFirst()
                    .orElseThrow(() -> missing(file))
                    .read(file, sink);
        } catch (ServiceConfigurationError | NoClassDefFoundError e) {
            throw missing(file);
        }
    }

    private static DataException missing(Path file) {
        return new DataException(
                file + ": this build cannot read Parquet (com.jerolba:carpet-record is left out); build"
                        + " with MAVEN_ARGS=-Pparquet, or convert the file to JSON lines");
    }
}
