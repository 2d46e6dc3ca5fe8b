package org.dilort.eval;

/** How a policy has moved from its reference on pairs, and whether its rewards prefer the chosen responses. */
final class ReferenceStatistics {
    private final Reward reward;
    private final Contest rewards = new Contest();
    private final Mean chosenReward = new Mean();
    private final Mean rejectedReward = new Mean();
    private final Mean margin = new Mean();
    private final TokenKl chosenKl = new TokenKl();
    private final TokenKl rejectedKl = new TokenKl();

    public ReferenceStatistics(Reward reward) {
        this.reward = reward;
    }

    public void add(TokenLogps policy, TokenLogps reference) {
        double chosen = reward.of(policy.chosen(), reference.chosen());
        double rejected = reward.of(policy.rejected(), reference.rejected());
        rewards.add(chosen, rejected);
        chosenReward.add(chosen);
        rejectedReward.add(rejected);
        margin.add(chosen - rejected);
        chosenKl.add(policy.chosen(), reference.chosen());
        rejectedKl.add(policy.rejected(), reference.rejected());
    }

    /** {@code reward_acc} with its interval and ties, rewards, and KL by both estimators. */
    void put(TaskResult.Values values) {
        PairStatistics.put(values, "reward_acc", rewards);
        values.put("reward_margin", margin)
                .put("reward_chosen", chosenReward)
                .put("reward_rejected", rejectedReward)
                .put("kl_k1_chosen", chosenKl.k1())
                .put("kl_k1_rejected", rejectedKl.k1())
                .put("kl_k3_chosen", chosenKl.k3())
                .put("kl_k3_rejected", rejectedKl.k3());
    }
}
