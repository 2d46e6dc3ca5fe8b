package org.dilort.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Pairs that are a whole optimizer step, with all that any head may ask for; every number is exact in float.
 *
 * @param policy {@code [pairs * 2]} sums of log-probabilities, chosen and rejected of each pair
 * @param reference {@code [pairs * 2]}
 * @param lengths {@code [pairs * 2]} tokens
 */
record HeadBatch(double[] policy, double[] reference, double[] lengths) {
    private static final double GRID = 4096;

    /** The running mean that a head with a state comes with, and the steps it is over. */
    private static final double[] STATE = {0.125, 3};

    /** The next multiple of 2^-12. */
    static double exact(double value) {
        return Math.rint(value * GRID) / GRID;
    }

    int pairs() {
        return policy.length / 2;
    }

    int sequences() {
        return policy.length;
    }

    double chosenTokens() {
        double sum = 0;
        for (int i = 0; i < lengths.length; i += 2) {
            sum += lengths[i];
        }
        return sum;
    }

    double collision(int sequence) {
        return policy[sequence] + exact(lengths[sequence] * (0.25 + 0.125 * (sequence % 5)));
    }

    double promptLogps(int pair) {
        return -20 - exact(3.7 * (pair % 7));
    }

    double promptLength(int pair) {
        return 5 + pair % 4;
    }

    double state(int index) {
        return STATE[index];
    }

    /** One token of a response: its sequence, its place there, and what it adds to the sums. */
    record Token(int sequence, int place, double policy, double reference) {}

    /** The last pair's first, so that no head can take their order for the pairs'. */
    List<Token> tokens() {
        List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < sequences(); i++) {
            int sequence = sequences() - 1 - i;
            for (int place = 0; place < lengths[sequence]; place++) {
                double ofPolicy = part(policy[sequence], place, (int) lengths[sequence]);
                double ofReference = part(reference[sequence], place, (int) lengths[sequence]);
                tokens.add(new Token(sequence, place, ofPolicy, ofReference));
            }
        }
        return tokens;
    }

    /** Growing parts, the last of which is what remains. */
    private static double part(double sum, int place, int count) {
        double weight = 2.0 / count / (count + 1);
        if (place + 1 < count) {
            return exact(sum * weight * (place + 1));
        }
        double rest = sum;
        for (int i = 0; i < place; i++) {
            rest -= exact(sum * weight * (i + 1));
        }
        return rest;
    }

    /** The inputs of a head's graph by name. */
    Map<String, double[]> inputs() {
        Map<String, double[]> inputs = new HashMap<>();
        inputs.put("policy_logps", policy.clone());
        inputs.put("reference_logps", reference.clone());
        inputs.put("lengths", lengths.clone());
        inputs.put("step_counts", new double[] {pairs(), chosenTokens()});
        inputs.put("detached_logps", policy.clone());
        inputs.put("state", STATE.clone());
        double[] collisions = new double[sequences()];
        for (int i = 0; i < sequences(); i++) {
            collisions[i] = collision(i);
        }
        inputs.put("collision_logps", collisions);
        putPrompts(inputs);
        putTokens(inputs);
        return inputs;
    }

    private void putPrompts(Map<String, double[]> inputs) {
        double[] logps = new double[pairs()];
        double[] promptLengths = new double[pairs()];
        for (int pair = 0; pair < pairs(); pair++) {
            logps[pair] = promptLogps(pair);
            promptLengths[pair] = promptLength(pair);
        }
        inputs.put("prompt_logps", logps);
        inputs.put("prompt_lengths", promptLengths);
    }

    private void putTokens(Map<String, double[]> inputs) {
        List<Token> tokens = tokens();
        double[] ofPolicy = new double[tokens.size()];
        double[] ofReference = new double[tokens.size()];
        double[] sequences = new double[tokens.size()];
        for (int i = 0; i < tokens.size(); i++) {
            ofPolicy[i] = tokens.get(i).policy();
            ofReference[i] = tokens.get(i).reference();
            sequences[i] = tokens.get(i).sequence();
        }
        inputs.put("token_logps", ofPolicy);
        inputs.put("reference_token_logps", ofReference);
        inputs.put("target_sequences", sequences);
    }
}
