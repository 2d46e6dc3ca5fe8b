package org.dilort.heads;

import java.util.List;

/** How a Bregman head uses the two responses of a pair; every other head is {@link #POINTWISE}, its formula. */
public enum Variant {
    /** l_1(f_w) + l_-1(f_l): the paper's form, the rejected response in the place of a sample of the reference. */
    POINTWISE,
    /** l_1(d) + l_-1(-d) with d = f_w - f_l: the ratio of a pair instead of a response's. */
    PAIRWISE,
    /** l_1(f_w) + l_-1(f_w) / 2 + l_-1(f_l) / 2: the pair's mixture in the place of the rejected response. */
    MIXTURE,
    /**
     * l_1(g_w) + a l_-1(g_w) + (1 - a) l_-1(g_l) with g = f - log(a e^f + 1 - a), the ratio to a mixture that is never
     * above 1 / a (relative density ratio, Yamada et al. 2011).
     */
    RELATIVE;

    static final String MIXTURE_WEIGHT = "mixture_weight";

    /** What a head has besides its own coefficients in this variant. */
    public List<Coefficient> coefficients() {
        return switch (this) {
            case POINTWISE, PAIRWISE, MIXTURE -> List.of();
            case RELATIVE ->
                List.of(new Coefficient(MIXTURE_WEIGHT, 0.5, 1e-6, 1 - 1e-6, "share of chosen in the mixture, a"));
        };
    }

    String fileSuffix() {
        return switch (this) {
            case POINTWISE -> "";
            case PAIRWISE -> "-pairwise";
            case MIXTURE -> "-mixture";
            case RELATIVE -> "-relative";
        };
    }
}
