package org.dilort.export;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/** Makes the tokens that a sequence has already less probable before another chooser sees the logits. */
final class PenalisedChooser implements Sampling.TokenChooser {
    private final Sampling.TokenChooser chooser;
    private final float penalty;
    private final Set<Integer> seen = new LinkedHashSet<>();

    PenalisedChooser(Sampling.TokenChooser chooser, double penalty, int[] prompt) {
        this.chooser = chooser;
        this.penalty = (float) penalty;
        Arrays.stream(prompt).forEach(seen::add);
    }

    @Override
    public int choose(FloatBuffer logits) {
        FloatBuffer changed =
                FloatBuffer.allocate(logits.limit()).put(logits.duplicate().rewind());
        for (int id : seen) {
            float logit = changed.get(id);
            changed.put(id, logit > 0 ? logit / penalty : logit * penalty);
        }
        int token = chooser.choose(changed.flip());
        seen.add(token);
        return token;
    }
}
