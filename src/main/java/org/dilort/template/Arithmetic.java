package org.dilort.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Python's arithmetic, and what its operators do to strings and lists. */
final class Arithmetic {
    private Arithmetic() {}

    static Value add(Value a, Value b, Budget budget) {
        if (a instanceof Numeric x && b instanceof Numeric y) {
            return isWhole(x, y) ? new Int(x.integer().add(y.integer())) : new Real(x.real() + y.real());
        }
        if (a instanceof Text x && b instanceof Text y) {
            budget.produce((long) x.value().length() + y.value().length());
            return new Text(x.value() + y.value());
        }
        if (a instanceof ListValue x && b instanceof ListValue y) {
            return ListValue.of(joined(x.items(), y.items(), budget), budget);
        }
        if (a instanceof TupleValue x && b instanceof TupleValue y) {
            return TupleValue.of(joined(x.items(), y.items(), budget), budget);
        }
        throw unsupported("+", a, b);
    }

    private static List<Value> joined(List<Value> a, List<Value> b, Budget budget) {
        budget.requireLength((long) a.size() + b.size());
        List<Value> joined = new ArrayList<>(a);
        joined.addAll(b);
        return joined;
    }

    static Value subtract(Value a, Value b) {
        if (a instanceof Numeric x && b instanceof Numeric y) {
            return isWhole(x, y) ? new Int(x.integer().subtract(y.integer())) : new Real(x.real() - y.real());
        }
        throw unsupported("-", a, b);
    }

    static Value multiply(Value a, Value b, Budget budget) {
        if (a instanceof Numeric x && b instanceof Numeric y) {
            return isWhole(x, y) ? new Int(x.integer().multiply(y.integer())) : new Real(x.real() * y.real());
        }
        if (a instanceof Numeric times && times.isWhole()) {
            return repeat("*", b, a, times, budget);
        }
        if (b instanceof Numeric times && times.isWhole()) {
            return repeat("*", a, b, times, budget);
        }
        throw unsupported("*", a, b);
    }

    private static Value repeat(String sign, Value value, Value other, Numeric times, Budget budget) {
        long count = times.integer()
                .max(BigInteger.ZERO)
                .min(BigInteger.valueOf(Integer.MAX_VALUE))
                .longValue();
        if (value instanceof Text text) {
            budget.produce(text.value().length() * count);
            return new Text(text.value().isEmpty() ? "" : text.value().repeat((int) count));
        }
        if (value instanceof ListValue list) {
            return ListValue.of(repeated(list.items(), count, budget), budget);
        }
        if (value instanceof TupleValue tuple) {
            return TupleValue.of(repeated(tuple.items(), count, budget), budget);
        }
        throw unsupported(sign, value, other);
    }

    private static List<Value> repeated(List<Value> items, long count, Budget budget) {
        budget.requireLength(items.size() * count);
        List<Value> repeated = new ArrayList<>();
        while (!items.isEmpty() && repeated.size() < items.size() * count) {
            repeated.addAll(items);
        }
        return repeated;
    }

    /** A fraction even where both are whole. */
    static Value divide(Value a, Value b) {
        if (a instanceof Numeric x && b instanceof Numeric y) {
            requireNonZero(y);
            return new Real(x.real() / y.real());
        }
        throw unsupported("/", a, b);
    }

    static Value floorDivide(Value a, Value b) {
        if (a instanceof Numeric x && b instanceof Numeric y) {
            requireNonZero(y);
            return isWhole(x, y)
                    ? new Int(floored(x.integer(), y.integer())[0])
                    : new Real(Math.floor(x.real() / y.real()));
        }
        throw unsupported("//", a, b);
    }

    /** With the sign of the divisor. */
    static Value remainder(Value a, Value b, Budget budget) {
        if (a instanceof Numeric x && b instanceof Numeric y) {
            requireNonZero(y);
            return isWhole(x, y)
                    ? new Int(floored(x.integer(), y.integer())[1])
                    : new Real(remainder(x.real(), y.real()));
        }
        if (a instanceof Text format) {
            return new Text(PercentFormat.format(format.value(), b, budget));
        }
        throw unsupported("%", a, b);
    }

    private static double remainder(double a, double b) {
        double remainder = a % b;
        if (remainder == 0) {
            return Math.copySign(0, b);
        }
        return (remainder < 0) == (b < 0) ? remainder : remainder + b;
    }

    /** Quotient and remainder, the quotient rounded down. */
    private static BigInteger[] floored(BigInteger a, BigInteger b) {
        BigInteger[] parts = a.divideAndRemainder(b);
        if (parts[1].signum() != 0 && parts[1].signum() != b.signum()) {
            parts[0] = parts[0].subtract(BigInteger.ONE);
            parts[1] = parts[1].add(b);
        }
        return parts;
    }

    static Value power(Value a, Value b) {
        if (!(a instanceof Numeric x && b instanceof Numeric y)) {
            throw unsupported("**", a, b);
        }
        if (!x.truth() && Numbers.compare(y, Int.of(0)) < 0) {
            throw Fault.evaluation("0.0 cannot be raised to a negative power");
        }
        if (!isWhole(x, y) || y.integer().signum() < 0) {
            return realPower(x.real(), y.real());
        }
        return new Int(wholePower(x.integer(), y.integer()));
    }

    private static BigInteger wholePower(BigInteger base, BigInteger exponent) {
        if (exponent.signum() == 0) {
            return BigInteger.ONE;
        }
        if (base.abs().bitLength() <= 1) {
            return exponent.testBit(0) ? base : base.abs();
        }
        boolean small = exponent.bitLength() < Integer.SIZE
                && (base.abs().bitLength() - 1L) * exponent.longValue() <= Int.DIGITS * 4L;
        if (!small) {
            throw Fault.limit("a number of more than " + Int.DIGITS + " digits");
        }
        return base.pow(exponent.intValue());
    }

    private static Value realPower(double base, double exponent) {
        if (base < 0 && exponent != Math.rint(exponent)) {
            throw Fault.unsupported("complex numbers");
        }
        double power = Math.pow(base, exponent);
        if (Double.isInfinite(power) && Double.isFinite(base) && Double.isFinite(exponent)) {
            throw Fault.evaluation("result too large");
        }
        return new Real(power);
    }

    static Value negate(Value value) {
        if (value instanceof Numeric number) {
            return number.isWhole() ? new Int(number.integer().negate()) : new Real(-number.real());
        }
        throw unsupported("unary -", value);
    }

    static Value plus(Value value) {
        if (value instanceof Numeric number) {
            return number.isWhole() ? new Int(number.integer()) : number;
        }
        throw unsupported("unary +", value);
    }

    private static boolean isWhole(Numeric a, Numeric b) {
        return a.isWhole() && b.isWhole();
    }

    private static void requireNonZero(Numeric number) {
        if (!number.truth()) {
            throw Fault.evaluation("division by zero");
        }
    }

    private static Fault unsupported(String operator, Value... operands) {
        for (Value operand : operands) {
            if (operand instanceof Undefined undefined) {
                return undefined.fault();
            }
        }
        StringBuilder types = new StringBuilder();
        for (Value operand : operands) {
            types.append(types.isEmpty() ? "" : " and ")
                    .append('\'')
                    .append(operand.type())
                    .append('\'');
        }
        return Fault.evaluation("unsupported operand type(s) for " + operator + ": " + types);
    }
}
