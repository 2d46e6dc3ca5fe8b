package org.dilort.onnx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** Schemas of the operators that work element by element, with ONNX's broadcasting. */
final class ElementwiseSchemas {
    private static final int VARIADIC = Integer.MAX_VALUE;

    private ElementwiseSchemas() {}

    static List<Schema> all() {
        List<Schema> schemas = new ArrayList<>();
        for (String op : List.of(
                "Exp", "Log", "Sqrt", "Sigmoid", "Tanh", "Erf", "Cos", "Sin", "Atanh", "Reciprocal", "Softplus")) {
            schemas.add(schema(op, 1, 1, ElementwiseSchemas::sameFloat));
        }
        for (String op : List.of("Neg", "Abs", "Sign", "Relu")) {
            schemas.add(schema(op, 1, 1, ElementwiseSchemas::arithmetic));
        }
        schemas.add(schema("Identity", 1, 1, call -> List.of(call.type(0))));
        for (String op : List.of("Add", "Sub", "Mul", "Div", "Pow")) {
            schemas.add(schema(op, 2, 2, ElementwiseSchemas::arithmetic));
        }
        for (String op : List.of("Max", "Min", "Sum")) {
            schemas.add(schema(op, 1, VARIADIC, ElementwiseSchemas::arithmetic));
        }
        schemas.add(schema("Equal", 2, 2, call -> toBool(sameTypes(call))));
        for (String op : List.of("Less", "LessOrEqual", "Greater", "GreaterOrEqual")) {
            schemas.add(schema(op, 2, 2, call -> toBool(arithmetic(call))));
        }
        for (String op : List.of("And", "Or")) {
            schemas.add(schema(op, 2, 2, ElementwiseSchemas::logic));
        }
        schemas.add(schema("Not", 1, 1, ElementwiseSchemas::logic));
        for (String op : List.of("IsNaN", "IsInf")) {
            schemas.add(schema(op, 1, 1, call -> toBool(sameFloat(call))));
        }
        schemas.add(schema("Where", 3, 3, ElementwiseSchemas::where));
        schemas.add(new Schema(Schema.ONNX, "Cast", 1, 1, Set.of("to"), ElementwiseSchemas::cast));
        schemas.add(new Schema(
                Schema.ONNX,
                "DequantizeLinear",
                2,
                2,
                Set.of("axis", "block_size"),
                ElementwiseSchemas::dequantizeLinear));
        schemas.add(new Schema(Schema.MICROSOFT, "QuickGelu", 1, 1, Set.of("alpha"), ElementwiseSchemas::sameFloat));
        schemas.add(
                new Schema(Schema.MICROSOFT, "QuickGeluGrad", 2, 2, Set.of("alpha"), ElementwiseSchemas::arithmetic));
        for (String op : List.of("Gelu", "FastGelu")) {
            schemas.add(new Schema(Schema.MICROSOFT, op, 1, 1, Set.of(), ElementwiseSchemas::sameFloat));
            schemas.add(new Schema(Schema.MICROSOFT, op + "Grad", 2, 2, Set.of(), ElementwiseSchemas::arithmetic));
        }
        return schemas;
    }

    private static Schema schema(String op, int minInputs, int maxInputs, Schema.Inference inference) {
        return new Schema(Schema.ONNX, op, minInputs, maxInputs, Set.of(), inference);
    }

    private static List<TensorType> sameFloat(Call call) {
        call.requireFloat(0);
        return List.of(call.type(0));
    }

    private static List<TensorType> arithmetic(Call call) {
        call.requireNumber(0);
        return sameTypes(call);
    }

    private static List<TensorType> sameTypes(Call call) {
        Shape shape = call.shape(0);
        for (int i = 1; i < call.inputs().size(); i++) {
            call.requireSameDType(0, i);
            shape = broadcast(call, shape, call.shape(i));
        }
        return List.of(new TensorType(call.type(0).dtype(), shape));
    }

    private static List<TensorType> logic(Call call) {
        call.requireDType(0, DType.BOOL);
        return sameTypes(call);
    }

    private static List<TensorType> toBool(List<TensorType> types) {
        return List.of(types.get(0).withDType(DType.BOOL));
    }

    private static List<TensorType> where(Call call) {
        call.requireDType(0, DType.BOOL);
        call.requireSameDType(1, 2);
        Shape shape = broadcast(call, broadcast(call, call.shape(0), call.shape(1)), call.shape(2));
        return List.of(call.type(1).withShape(shape));
    }

    private static List<TensorType> cast(Call call) {
        return List.of(call.type(0).withDType(DType.ofOnnx(call.integer("to", -1))));
    }

    /** In blocks along an axis, the last of which may be short; no zero points. */
    private static List<TensorType> dequantizeLinear(Call call) {
        DType codes = call.in(0).dtype();
        if (codes != DType.INT4 && codes != DType.INT8) {
            throw call.failure("input 0 is " + codes + ", expected INT4 or INT8");
        }
        call.requireFloat(1);
        long block = call.integer("block_size", 0);
        if (block < 1) {
            throw call.failure("block_size " + block + ", expected 1 or more");
        }
        int axis = call.axis(call.integer("axis", 1), call.in(0).rank());
        long blocks = (call.in(0).dim(axis).value() + block - 1) / block;
        if (!call.shape(1).equals(call.shape(0).with(axis, Dim.of(blocks)))) {
            throw call.failure("scales " + call.shape(1) + ", expected " + blocks + " blocks at axis " + axis);
        }
        return List.of(call.type(0).withDType(call.in(1).dtype()));
    }

    /** The common shape; two dimensions agree when they are equal or one of them is 1. */
    static Shape broadcast(Call call, Shape left, Shape right) {
        List<Dim> dims = new ArrayList<>();
        for (int fromEnd = 1; fromEnd <= Math.max(left.rank(), right.rank()); fromEnd++) {
            Dim a = fromEnd <= left.rank() ? left.dim(-fromEnd) : Dim.ONE;
            Dim b = fromEnd <= right.rank() ? right.dim(-fromEnd) : Dim.ONE;
            if (!a.equals(b) && !a.isOne() && !b.isOne()) {
                throw call.failure("shapes " + left + " and " + right + " do not broadcast: " + a + " and " + b);
            }
            dims.add(a.isOne() ? b : a);
        }
        Collections.reverse(dims);
        return new Shape(dims);
    }
}
