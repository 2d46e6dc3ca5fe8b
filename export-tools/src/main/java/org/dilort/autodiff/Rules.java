package org.dilort.autodiff;

import java.util.HashMap;
import java.util.Map;
import org.dilort.error.UnsupportedOperatorException;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Shape;
import org.dilort.onnx.Value;

/** The table: operator to gradient rule. Each rule gives plain partial derivatives; the walk sums and un-broadcasts. */
final class Rules {
    private Rules() {}

    static Map<String, Rule> table(Form form) {
        Map<String, Rule> table = new HashMap<>();
        arithmetic(table);
        functions(table);
        choices(table);
        ProductRules.addTo(table);
        ReductionRules.addTo(table, form);
        ShapeRules.addTo(table);
        LayerRules.addTo(table, form);
        return table;
    }

    private static void arithmetic(Map<String, Rule> table) {
        table.put(
                "Identity",
                b -> b.to(0, () -> {
                    Shape shape = b.in(0).shape();
                    return shape.equals(b.out(0).shape())
                            ? b.dy()
                            : b.ops().graph().relabel(b.dy(), shape);
                }));
        table.put("Add", b -> b.to(0, b::dy).to(1, b::dy));
        table.put("Sub", b -> b.to(0, b::dy).to(1, () -> b.ops().neg(b.dy())));
        table.put(
                "Mul",
                b -> b.to(0, () -> b.ops().mul(b.dy(), b.in(1)))
                        .to(1, () -> b.ops().mul(b.dy(), b.in(0))));
        table.put(
                "Div",
                b -> b.to(0, () -> b.ops().div(b.dy(), b.in(1)))
                        .to(1, () -> b.ops().neg(b.ops().div(b.ops().mul(b.dy(), b.out(0)), b.in(1)))));
        table.put("Pow", Rules::pow);
        table.put("Neg", b -> b.to(0, () -> b.ops().neg(b.dy())));
        table.put("Sum", b -> {
            for (int i = 0; i < b.node().inputs().size(); i++) {
                b.to(i, b::dy);
            }
        });
        table.put("Cast", b -> b.to(0, () -> b.ops().cast(b.dy(), b.in(0).dtype())));
    }

    private static void functions(Map<String, Rule> table) {
        table.put("Exp", b -> b.to(0, () -> b.ops().mul(b.dy(), b.out(0))));
        table.put("Log", b -> b.to(0, () -> b.ops().div(b.dy(), b.in(0))));
        table.put("Sqrt", b -> b.to(0, () -> b.ops().div(b.ops().mul(b.dy(), 0.5), b.out(0))));
        table.put("Reciprocal", b -> b.to(0, () -> b.ops().neg(b.ops().mul(b.dy(), square(b.ops(), b.out(0))))));
        table.put(
                "Sigmoid",
                b -> b.to(0, () -> {
                    Value y = b.out(0);
                    return b.ops().mul(b.dy(), b.ops().mul(y, oneMinus(b.ops(), y)));
                }));
        table.put("Tanh", b -> b.to(0, () -> b.ops().mul(b.dy(), oneMinus(b.ops(), square(b.ops(), b.out(0))))));
        table.put("Atanh", b -> b.to(0, () -> b.ops().div(b.dy(), oneMinus(b.ops(), square(b.ops(), b.in(0))))));
        table.put("Softplus", b -> b.to(0, () -> b.ops().mul(b.dy(), b.ops().sigmoid(b.in(0)))));
        table.put(
                "Cos",
                b -> b.to(0, () -> b.ops().neg(b.ops().mul(b.dy(), b.ops().sin(b.in(0))))));
        table.put("Sin", b -> b.to(0, () -> b.ops().mul(b.dy(), b.ops().cos(b.in(0)))));
        table.put(
                "Erf",
                b -> b.to(0, () -> {
                    Value bell = b.ops().exp(b.ops().neg(square(b.ops(), b.in(0))));
                    return b.ops().mul(b.dy(), b.ops().mul(bell, 2 / Math.sqrt(Math.PI)));
                }));
    }

    /** Where two branches meet, each gets half, so that {@code max(x, 0) + g(|x|)} is right at 0 too. */
    private static void choices(Map<String, Rule> table) {
        table.put("Abs", b -> b.to(0, () -> b.ops().mul(b.dy(), b.ops().sign(b.in(0)))));
        table.put("Relu", b -> b.to(0, () -> share(b, b.in(0), b.ops().scalar(b.in(0), 0))));
        table.put("Max", b -> {
            requireTwo(b);
            b.to(0, () -> share(b, b.in(0), b.in(1))).to(1, () -> share(b, b.in(1), b.in(0)));
        });
        table.put("Min", b -> {
            requireTwo(b);
            b.to(0, () -> share(b, b.in(1), b.in(0))).to(1, () -> share(b, b.in(0), b.in(1)));
        });
        table.put("Where", b -> {
            Value zero = b.ops().scalar(b.dy(), 0);
            b.to(1, () -> b.ops().where(b.in(0), b.dy(), zero))
                    .to(2, () -> b.ops().where(b.in(0), zero, b.dy()));
        });
    }

    private static void requireTwo(Backward b) {
        int inputs = b.node().inputs().size();
        if (inputs != 2) {
            throw new UnsupportedOperatorException(
                    "no gradient rule for " + b.node().op() + " of " + inputs + " inputs in " + b.node());
        }
    }

    /** dy where a > b, half of it where they are equal. */
    private static Value share(Backward b, Value winner, Value loser) {
        Ops ops = b.ops();
        Value sign = ops.sign(ops.sub(winner, loser));
        return ops.mul(b.dy(), ops.mul(ops.add(sign, 1), 0.5));
    }

    private static void pow(Backward b) {
        Ops ops = b.ops();
        Value base = b.in(0);
        Value exponent = b.in(1);
        b.to(0, () -> ops.mul(b.dy(), ops.mul(exponent, ops.pow(base, ops.add(exponent, -1)))))
                .to(1, () -> ops.mul(b.dy(), ops.mul(b.out(0), ops.log(base))));
    }

    static Value square(Ops ops, Value x) {
        return ops.mul(x, x);
    }

    static Value oneMinus(Ops ops, Value x) {
        return ops.sub(ops.scalar(x, 1), x);
    }
}
