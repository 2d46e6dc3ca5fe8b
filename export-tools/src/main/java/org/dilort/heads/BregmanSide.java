package org.dilort.heads;

import java.util.List;
import org.dilort.onnx.Value;

/** One of the two losses that a Bregman head adds up, as a head of its own: what a chart of the head shows. */
public final class BregmanSide implements Head {
    private final BregmanHead whole;
    private final String name;
    private final Loss loss;

    private interface Loss {
        Value of(HeadInputs in, Sides f);
    }

    private BregmanSide(BregmanHead whole, String name, Loss loss) {
        this.whole = whole;
        this.name = name;
        this.loss = loss;
    }

    /** l_1 and l_-1 of a Bregman head; none of any other. */
    public static List<Head> of(Head head) {
        if (!(head instanceof BregmanHead whole)) {
            return List.of();
        }
        return List.of(
                new BregmanSide(whole, "l_1", (in, f) -> whole.chosenLoss(in, f.chosen())),
                new BregmanSide(whole, "l_-1", (in, f) -> whole.rejectedLoss(in, f.rejected())));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String formula() {
        return name + " of " + whole.formula();
    }

    @Override
    public List<Coefficient> coefficients() {
        return whole.coefficients();
    }

    @Override
    public HeadOutputs build(HeadInputs in) {
        Sides rewards = in.rewards();
        return new HeadOutputs(loss.of(in, BregmanHead.shifted(in, rewards)), rewards);
    }
}
