package org.dilort.heads;

import java.util.List;
import org.dilort.error.ConfigException;
import org.dilort.error.Nearest;

/** All heads of this project. */
public final class Heads {
    private static final List<Head> ALL = List.of(
            new Aot(),
            new AotUnpaired(),
            new ApoDown(),
            new ApoZero(),
            new Basu(),
            new Bce(),
            new Bco(),
            new BcoPair(),
            new Brier(),
            new CalDpo(),
            new Cpo(LikelihoodTerm.PER_TOKEN),
            new Cpo(LikelihoodTerm.PER_RESPONSE),
            new DiscoPop(),
            new Dpo(),
            new ExoPair(),
            new FDpo(FDivergence.REVERSE_KL),
            new FDpo(FDivergence.FORWARD_KL),
            new FDpo(FDivergence.JENSEN_SHANNON),
            new FDpo(FDivergence.ALPHA),
            new Hellinger(),
            new Hinge(),
            new Ipo(),
            new ItakuraSaito(),
            new Jeffreys(),
            new JensenShannon(),
            new KtoPair(KtoShift.MEAN),
            new KtoPair(KtoShift.DETACHED_MEAN),
            new KtoPair(KtoShift.ZERO),
            new LdDpo(),
            new Lsif(),
            new NcaPair(),
            new Orpo(),
            new OrpoFull(),
            new Pearson(),
            new Power(),
            new Robust(),
            new Rpo(LikelihoodTerm.PER_TOKEN),
            new Rpo(LikelihoodTerm.PER_RESPONSE),
            new Sft(),
            new SigmoidNorm(),
            new SimPer(),
            new SimPo(),
            new Slic(),
            new SppoHard(),
            new Ukl(),
            new Wpo());

    private Heads() {}

    public static List<Head> all() {
        return ALL;
    }

    public static Head named(String name) {
        return ALL.stream().filter(head -> head.name().equals(name)).findFirst().orElseThrow(() -> unknown(name));
    }

    private static ConfigException unknown(String name) {
        List<String> names = ALL.stream().map(Head::name).toList();
        String hint = Nearest.to(name, names)
                .map(nearest -> "did you mean " + nearest + "?")
                .orElse("expected one of " + names);
        return new ConfigException("head.name: got \"" + name + "\"; " + hint);
    }
}
