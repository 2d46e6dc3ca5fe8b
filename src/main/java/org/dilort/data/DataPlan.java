package org.dilort.data;

import java.nio.file.Path;
import java.util.List;
import org.dilort.config.DataSource;
import org.dilort.config.EvalSource;
import org.dilort.error.DataException;

/**
 * Which data a run uses.
 *
 * @param heldOutShare share of the training prompts that are held out; 0 = none
 * @param heldOut held-out pairs of their own; empty = none
 */
public record DataPlan(List<DataSource> train, double heldOutShare, List<EvalSource> heldOut) {

    public DataPlan {
        train = List.copyOf(train);
        heldOut = List.copyOf(heldOut);
    }

    /** @throws DataException where a part of the plan has no pair left, without which no run begins */
    public void requirePairs(SplitDataset split) {
        List<Path> trained = train.stream().map(DataSource::path).toList();
        requirePairs(trained, split.train().report());
        if (!heldOut.isEmpty()) {
            List<Path> paths = heldOut.stream().map(EvalSource::path).toList();
            requirePairs(paths, split.heldOut().report());
        }
        split.named().forEach((name, positions) -> {
            if (positions.length == 0) {
                throw new DataException("data.eval: no pairs of the name " + name + ", expected 1 or more; "
                        + split.heldOut().report().dropped() + " of all were dropped as too long");
            }
        });
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
