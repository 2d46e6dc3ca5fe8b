package org.dilort.template;

/** Two operands and a sign of arithmetic. */
record Arithmetical(int line, Operator operator, Expression left, Expression right) implements Expression {

    enum Operator {
        ADD("+"),
        SUBTRACT("-"),
        MULTIPLY("*"),
        DIVIDE("/"),
        FLOOR_DIVIDE("//"),
        REMAINDER("%"),
        POWER("**");

        private final String sign;

        Operator(String sign) {
            this.sign = sign;
        }

        private Value apply(Value a, Value b, Budget budget) {
            return switch (this) {
                case ADD -> Arithmetic.add(a, b, budget);
                case SUBTRACT -> Arithmetic.subtract(a, b);
                case MULTIPLY -> Arithmetic.multiply(a, b, budget);
                case DIVIDE -> Arithmetic.divide(a, b);
                case FLOOR_DIVIDE -> Arithmetic.floorDivide(a, b);
                case REMAINDER -> Arithmetic.remainder(a, b, budget);
                case POWER -> Arithmetic.power(a, b);
            };
        }
    }

    @Override
    public String construct() {
        return "'" + operator.sign + "'";
    }

    @Override
    public Value evaluate(Evaluation evaluation) {
        return operator.apply(evaluation.evaluate(left), evaluation.evaluate(right), evaluation.budget());
    }
}
