package org.dilort.eval;

/**
 * Estimates, from given tokens, how far a policy is from its reference, in nats per token (Schulman, "Approximating KL
 * divergence", 2020): with q the log-ratio of policy and reference for a token, k1 is the mean of q and k3 the mean of
 * exp(-q) - 1 + q, which is never negative. For KL(policy || reference) both are unbiased where the tokens were drawn from the
 * policy; of responses that somebody else wrote they tell how far the policy has moved on these.
 */
final class TokenKl {
    private final Mean k1 = new Mean();
    private final Mean k3 = new Mean();

    void add(double[] policy, double[] reference) {
        for (int i = 0; i < policy.length; i++) {
            double ratio = policy[i] - reference[i];
            k1.add(ratio);
            k3.add(Math.expm1(-ratio) + ratio);
        }
    }

    double k1() {
        return k1.value();
    }

    double k3() {
        return k3.value();
    }
}
