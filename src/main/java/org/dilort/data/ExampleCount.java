package org.dilort.data;

import java.util.concurrent.atomic.LongAdder;
import org.dilort.config.DataSource;
import org.dilort.config.EvalSource;
import org.dilort.input.InputFiles;

/**
 * How many examples a plan has, before any is tokenised: what is then dropped as too long is still among them.
 *
 * @param train with copies and limits of the sources
 */
public record ExampleCount(long train, long heldOut) {

    /** @throws org.dilort.error.DataException at the first row that is wrong, naming its place */
    public static ExampleCount of(DataPlan plan, ExampleReader reader) {
        LongAdder train = new LongAdder();
        LongAdder heldOut = new LongAdder();
        SourceDivision.Sets sets = new SourceDivision.Sets() {
            @Override
            public void train(PreferenceExample example, int copies) {
                train.add(copies);
            }

            @Override
            public void holdOut(PreferenceExample example) {
                heldOut.increment();
            }
        };
        for (DataSource source : plan.train()) {
            SourceDivision division = new SourceDivision(source, plan.heldOutShare(), sets);
            InputFiles.expand(source.path()).forEach(file -> reader.read(file, division::take));
        }
        for (EvalSource source : plan.heldOut()) {
            InputFiles.expand(source.path()).forEach(file -> reader.read(file, example -> heldOut.increment()));
        }
        return new ExampleCount(train.sum(), heldOut.sum());
    }
}
