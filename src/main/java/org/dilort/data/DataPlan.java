package org.dilort.data;

import java.nio.file.Path;
import java.util.List;
import org.dilort.config.DataSource;
import org.dilort.error.DataException;

/**
 * Which data a run uses.
 *
 * @param heldOutShare share of the training prompts that are held out; 0 = none
 * @param heldOut files, folders and patterns of a held-out set of its own; empty = none
 */
public record DataPlan(List<DataSource> train, double heldOutShare, List<Path> heldOut) {

    public DataPlan {
        train = List.copyOf(train);
        heldOut = List.copyOf(heldOut);
    }

    void requirePairs(SplitDataset split) {
        List<Path> trained = train.stream().map(DataSource::path).toList();
        requirePairs(trained, split.train().report());
        if (!heldOut.isEmpty()) {
            requirePairs(heldOut, split.heldOut().report());
        }
        if (heldOutShare > 0 && split.heldOut().pairs().isEmpty()) {
            throw new DataException(trained + ": data.eval_split " + heldOutShare + " holds out none of "
                    + split.train().report().examples() + " examples; expected more data or a greater share");
        }
    }

    private static void requirePairs(List<Path> paths, DataReport report) {
        if (report.pairs() == 0) {
            throw new DataException(
                    paths + ": no pairs; " + report.examples() + " read, " + report.dropped() + " dropped as too long");
        }
    }
}
