package org.dilort.template;

import java.util.Optional;
import org.dilort.template.Comparison.Comparator;

/** An operator between two operands, with how strongly it binds. */
sealed interface Infix {
    int OR = 1;
    int AND = 2;
    int NOT = 3;
    int COMPARISON = 4;
    int SUM = 5;
    int CONCATENATION = 6;
    int PRODUCT = 7;
    int POWER = 8;

    int strength();

    record Logic(int strength) implements Infix {}

    record Compare(Comparator comparator) implements Infix {
        @Override
        public int strength() {
            return COMPARISON;
        }
    }

    record Arithmetic(Arithmetical.Operator operator, int strength) implements Infix {}

    record Concatenate() implements Infix {
        @Override
        public int strength() {
            return CONCATENATION;
        }
    }

    /** What the current token begins, if it is such an operator. */
    static Optional<Infix> at(TokenStream tokens) {
        if (tokens.current().type() == Token.Type.OPERATOR) {
            return sign(tokens.current().text());
        }
        if (tokens.areNames("not", "in")) {
            return Optional.of(new Compare(Comparator.NOT_IN));
        }
        if (tokens.isName("in")) {
            return Optional.of(new Compare(Comparator.IN));
        }
        if (tokens.isName("and")) {
            return Optional.of(new Logic(AND));
        }
        return tokens.isName("or") ? Optional.of(new Logic(OR)) : Optional.empty();
    }

    private static Optional<Infix> sign(String sign) {
        return switch (sign) {
            case "==" -> Optional.of(new Compare(Comparator.EQUAL));
            case "!=" -> Optional.of(new Compare(Comparator.UNEQUAL));
            case "<" -> Optional.of(new Compare(Comparator.LESS));
            case "<=" -> Optional.of(new Compare(Comparator.LESS_OR_EQUAL));
            case ">" -> Optional.of(new Compare(Comparator.GREATER));
            case ">=" -> Optional.of(new Compare(Comparator.GREATER_OR_EQUAL));
            case "~" -> Optional.of(new Concatenate());
            case "+" -> Optional.of(new Arithmetic(Arithmetical.Operator.ADD, SUM));
            case "-" -> Optional.of(new Arithmetic(Arithmetical.Operator.SUBTRACT, SUM));
            case "*" -> Optional.of(new Arithmetic(Arithmetical.Operator.MULTIPLY, PRODUCT));
            case "/" -> Optional.of(new Arithmetic(Arithmetical.Operator.DIVIDE, PRODUCT));
            case "//" -> Optional.of(new Arithmetic(Arithmetical.Operator.FLOOR_DIVIDE, PRODUCT));
            case "%" -> Optional.of(new Arithmetic(Arithmetical.Operator.REMAINDER, PRODUCT));
            case "**" -> Optional.of(new Arithmetic(Arithmetical.Operator.POWER, POWER));
            default -> Optional.empty();
        };
    }
}
