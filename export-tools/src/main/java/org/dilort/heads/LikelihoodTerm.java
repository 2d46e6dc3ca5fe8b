package org.dilort.heads;

import org.dilort.onnx.Value;

/** Which average the negative log-likelihood of the chosen responses is, where a head adds it to a preference loss. */
enum LikelihoodTerm {
    /** Over all scored tokens of the optimizer step: long responses weigh more. */
    PER_TOKEN("", "NLL of the step's average chosen token"),
    /** Over each response's tokens, then over the responses. */
    PER_RESPONSE("_seq", "NLL of the chosen response's average token");

    private final String nameSuffix;
    private final String formula;

    LikelihoodTerm(String nameSuffix, String formula) {
        this.nameSuffix = nameSuffix;
        this.formula = formula;
    }

    String nameSuffix() {
        return nameSuffix;
    }

    String formula() {
        return formula;
    }

    Value build(HeadInputs in) {
        return switch (this) {
            case PER_TOKEN -> in.chosenTokenNll();
            case PER_RESPONSE -> in.ops().neg(in.meanLogps().chosen());
        };
    }
}
