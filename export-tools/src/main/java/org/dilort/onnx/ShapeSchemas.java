package org.dilort.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Schemas of the operators that move, pick, split and join elements. */
final class ShapeSchemas {
    /** A stretch of a symbolic dimension: {@code n[0:64]}, {@code n[64:]}. */
    static final Pattern PART = Pattern.compile("(.+)\\[([0-9]+):([0-9]*)\\]");

    private ShapeSchemas() {}

    static List<Schema> all() {
        return List.of(
                schema("Shape", 1, 1, Set.of("start", "end"), ShapeSchemas::shape),
                schema("Reshape", 2, 2, Set.of("allowzero"), ShapeSchemas::reshape),
                schema("Transpose", 1, 1, Set.of("perm"), ShapeSchemas::transpose),
                schema("Unsqueeze", 2, 2, Set.of(), ShapeSchemas::unsqueeze),
                schema("Squeeze", 2, 2, Set.of(), ShapeSchemas::squeeze),
                schema("Expand", 2, 2, Set.of(), ShapeSchemas::expand),
                schema("Concat", 1, Integer.MAX_VALUE, Set.of("axis"), ShapeSchemas::concat),
                schema("Split", 2, 2, Set.of("axis"), ShapeSchemas::split),
                schema("Slice", 4, 4, Set.of(), ShapeSchemas::slice),
                schema("Gather", 2, 2, Set.of("axis"), ShapeSchemas::gather),
                schema("GatherElements", 2, 2, Set.of("axis"), ShapeSchemas::gatherElements),
                schema("ScatterElements", 3, 3, Set.of("axis", "reduction"), ShapeSchemas::scatterElements),
                schema("Trilu", 1, 2, Set.of("upper"), call -> List.of(call.type(0))),
                schema("TopK", 2, 2, Set.of("axis", "largest", "sorted"), ShapeSchemas::topK),
                schema("ConstantOfShape", 1, 1, Set.of("value"), ShapeSchemas::constantOfShape),
                schema("OneHot", 3, 3, Set.of("axis"), ShapeSchemas::oneHot),
                schema("Range", 3, 3, Set.of(), ShapeSchemas::range));
    }

    private static Schema schema(
            String op, int minInputs, int maxInputs, Set<String> attributes, Schema.Inference inference) {
        return new Schema(Schema.ONNX, op, minInputs, maxInputs, attributes, inference);
    }

    private static List<TensorType> shape(Call call) {
        int rank = call.in(0).rank();
        long start = call.integer("start", 0);
        long end = call.integer("end", rank);
        if (start < 0 || end > rank || start > end) {
            throw call.failure("start " + start + " and end " + end + ", expected 0 <= start <= end <= " + rank);
        }
        return List.of(new TensorType(DType.INT64, Shape.of(end - start)));
    }

    private static List<TensorType> reshape(Call call) {
        List<Dim> target = new ArrayList<>(call.dims(1));
        Dim rest = call.shape(0).elements();
        int inferred = -1;
        for (int i = 0; i < target.size(); i++) {
            if (ShapeValues.isInferred(target.get(i))) {
                if (inferred >= 0) {
                    throw call.failure("shape " + target + " has more than one -1");
                }
                inferred = i;
                continue;
            }
            if (target.get(i).equals(Dim.of(0)) && call.integer("allowzero", 0) == 0) {
                target.set(i, copied(call, i));
            }
            if (!rest.isDivisibleBy(target.get(i))) {
                throw call.failure("shape " + call.shape(0) + " does not reshape to " + target);
            }
            rest = rest.dividedBy(target.get(i));
        }
        if (inferred >= 0) {
            target.set(inferred, rest);
        } else if (!rest.isOne()) {
            throw call.failure("shape " + call.shape(0) + " does not reshape to " + target);
        }
        return List.of(call.type(0).withShape(new Shape(target)));
    }

    private static Dim copied(Call call, int axis) {
        if (axis >= call.in(0).rank()) {
            throw call.failure("0 at axis " + axis + " of the shape has no dimension to copy");
        }
        return call.in(0).dim(axis);
    }

    private static List<TensorType> transpose(Call call) {
        long[] perm = call.integers("perm");
        long[] sorted = LongStream.of(perm).sorted().toArray();
        if (!Arrays.equals(sorted, LongStream.range(0, call.in(0).rank()).toArray())) {
            throw call.failure("perm " + Arrays.toString(perm) + " is no permutation of the axes");
        }
        List<Dim> dims =
                LongStream.of(perm).mapToObj(axis -> call.in(0).dim((int) axis)).toList();
        return List.of(call.type(0).withShape(new Shape(dims)));
    }

    private static List<TensorType> unsqueeze(Call call) {
        List<Dim> dims = new ArrayList<>(call.shape(0).dims());
        for (int axis : call.axes(1, dims.size() + call.constant(1).length)) {
            dims.add(axis, Dim.ONE);
        }
        return List.of(call.type(0).withShape(new Shape(dims)));
    }

    private static List<TensorType> squeeze(Call call) {
        List<Dim> dims = new ArrayList<>(call.shape(0).dims());
        int[] axes = call.axes(1, dims.size());
        for (int i = axes.length - 1; i >= 0; i--) {
            Dim removed = dims.remove(axes[i]);
            if (!removed.isOne()) {
                throw call.failure("axis " + axes[i] + " has dimension " + removed + ", expected 1");
            }
        }
        return List.of(call.type(0).withShape(new Shape(dims)));
    }

    private static List<TensorType> expand(Call call) {
        return List.of(
                call.type(0).withShape(ElementwiseSchemas.broadcast(call, call.shape(0), new Shape(call.sizes(1)))));
    }

    private static List<TensorType> concat(Call call) {
        int axis = call.axis(call.integer("axis", 0), call.in(0).rank());
        List<Dim> along = new ArrayList<>();
        for (int i = 0; i < call.inputs().size(); i++) {
            call.requireSameDType(0, i);
            call.requireRank(i, call.in(0).rank());
            along.add(call.in(i).dim(axis));
            if (!call.shape(i).with(axis, Dim.ONE).equals(call.shape(0).with(axis, Dim.ONE))) {
                throw call.failure("shapes differ outside axis " + axis);
            }
        }
        return List.of(call.type(0).withShape(call.shape(0).with(axis, sum(along))));
    }

    /** The sum of dimensions; the parts of a symbolic dimension, in order, give the whole again. */
    private static Dim sum(List<Dim> dims) {
        List<String> symbols = dims.get(0).symbols();
        if (dims.stream().allMatch(dim -> dim.symbols().equals(symbols))) {
            return new Dim(dims.stream().mapToLong(Dim::factor).reduce(0, Math::addExact), symbols);
        }
        String text = dims.stream().map(Dim::toString).collect(Collectors.joining(" + ", "(", ")"));
        return whole(dims).orElse(Dim.of(text));
    }

    private static Optional<Dim> whole(List<Dim> dims) {
        String base = "";
        String next = "0";
        for (Dim dim : dims) {
            Matcher part = PART.matcher(dim.toString());
            boolean continues = part.matches()
                    && part.group(2).equals(next)
                    && (base.isEmpty() || part.group(1).equals(base));
            if (!continues) {
                return Optional.empty();
            }
            base = part.group(1);
            next = part.group(3);
        }
        return next.isEmpty() ? Optional.of(withoutBrackets(base)) : Optional.empty();
    }

    /** What {@link #part} took a stretch of: {@code (2*n)} is the product, {@code (n + m)} a symbol. */
    private static Dim withoutBrackets(String base) {
        boolean product = base.startsWith("(") && !base.contains(" + ");
        return product ? Dim.parse(base.substring(1, base.length() - 1)) : Dim.of(base);
    }

    private static List<TensorType> split(Call call) {
        int axis = call.axis(call.integer("axis", 0), call.in(0).rank());
        List<Dim> sizes = call.sizes(1);
        call.requireDim(0, axis, Dim.of(sizes.stream().mapToLong(Dim::value).reduce(0, Math::addExact)));
        return sizes.stream()
                .map(size -> call.type(0).withShape(call.shape(0).with(axis, size)))
                .toList();
    }

    /** Slice with constant starts and axes and known ends, step 1. */
    private static List<TensorType> slice(Call call) {
        if (!call.isConstant(2)) {
            return sliceTo(call, call.sizes(2));
        }
        long[] starts = call.constant(1);
        long[] ends = call.constant(2);
        long[] axes = call.constant(3);
        if (starts.length != axes.length || ends.length != axes.length) {
            throw call.failure(
                    starts.length + " starts, " + ends.length + " ends and " + axes.length + " axes, expected as many");
        }
        Shape shape = call.shape(0);
        for (int i = 0; i < axes.length; i++) {
            int axis = call.axis(axes[i], shape.rank());
            Dim dim = shape.dim(axis);
            if (!dim.isFixed()) {
                shape = shape.with(axis, part(call, dim, starts[i], ends[i]));
                continue;
            }
            long size = within(ends[i], dim.value()) - within(starts[i], dim.value());
            shape = shape.with(axis, Dim.of(Math.max(0, size)));
        }
        return List.of(call.type(0).withShape(shape));
    }

    /** From 0 to dimensions, of which the caller knows that they are no greater than what is cut. */
    private static List<TensorType> sliceTo(Call call, List<Dim> ends) {
        long[] starts = call.constant(1);
        long[] axes = call.constant(3);
        Shape shape = call.shape(0);
        for (int i = 0; i < axes.length; i++) {
            if (starts[i] != 0) {
                throw call.failure("start " + starts[i] + " with the end " + ends.get(i) + ", expected 0");
            }
            shape = shape.with(call.axis(axes[i], shape.rank()), ends.get(i));
        }
        return List.of(call.type(0).withShape(shape));
    }

    /** A start or end of a slice as 0 .. size; a negative one counts from the end. */
    private static long within(long position, long size) {
        return Math.max(0, Math.min(position < 0 ? position + size : position, size));
    }

    /** A stretch of a symbolic dimension, itself a symbol: {@code n[0:64]}, {@code n[64:]}. */
    private static Dim part(Call call, Dim dim, long start, long end) {
        if (start < 0 || end < start) {
            throw call.failure("start " + start + " and end " + end + " of the symbolic dimension " + dim);
        }
        boolean open = end == Long.MAX_VALUE;
        if (start == 0 && open) {
            return dim;
        }
        String base = dim.factor() == 1 && dim.symbols().size() == 1 ? dim.toString() : "(" + dim + ")";
        return Dim.of(base + "[" + start + ":" + (open ? "" : end) + "]");
    }

    private static List<TensorType> gather(Call call) {
        call.requireDType(1, DType.INT64);
        int axis = call.axis(call.integer("axis", 0), call.in(0).rank());
        List<Dim> dims = new ArrayList<>(call.shape(0).dims().subList(0, axis));
        dims.addAll(call.shape(1).dims());
        dims.addAll(call.shape(0).dims().subList(axis + 1, call.in(0).rank()));
        return List.of(call.type(0).withShape(new Shape(dims)));
    }

    private static List<TensorType> gatherElements(Call call) {
        call.requireDType(1, DType.INT64);
        call.requireRank(1, call.in(0).rank());
        call.axis(call.integer("axis", 0), call.in(0).rank());
        return List.of(call.type(0).withShape(call.shape(1)));
    }

    private static List<TensorType> scatterElements(Call call) {
        call.requireDType(1, DType.INT64);
        call.requireRank(1, call.in(0).rank());
        call.requireSameDType(0, 2);
        call.axis(call.integer("axis", 0), call.in(0).rank());
        if (!call.shape(1).equals(call.shape(2))) {
            throw call.failure("indices " + call.shape(1) + " and updates " + call.shape(2) + " differ in shape");
        }
        return List.of(call.type(0));
    }

    /** The values and their int64 places on the axis; how many is one known dimension. */
    private static List<TensorType> topK(Call call) {
        call.requireNumber(0);
        int axis = call.axis(call.integer("axis", -1), call.in(0).rank());
        TensorType values = call.type(0).withShape(call.shape(0).with(axis, call.size(1)));
        return List.of(values, values.withDType(DType.INT64));
    }

    private static List<TensorType> constantOfShape(Call call) {
        DType dtype = DType.FLOAT;
        if (call.attributes().get("value") instanceof Attribute.TensorValue found) {
            dtype = found.value().dtype();
            if (!found.value().shape().elements().isOne()) {
                throw call.failure("value has shape " + found.value().shape() + ", expected one element");
            }
        }
        return List.of(new TensorType(dtype, new Shape(call.sizes(0))));
    }

    /** OneHot on a last axis, the depth a constant. */
    private static List<TensorType> oneHot(Call call) {
        List<Dim> dims = new ArrayList<>(call.shape(0).dims());
        if (call.axis(call.integer("axis", -1), dims.size() + 1) != dims.size()) {
            throw call.failure("axis " + call.integer("axis", -1) + ", expected the last");
        }
        dims.add(call.size(1));
        return List.of(new TensorType(call.in(2).dtype(), new Shape(dims)));
    }

    /** Range from 0 in steps of 1 to a limit that is one known dimension. */
    private static List<TensorType> range(Call call) {
        if (!Arrays.equals(call.constant(0), new long[] {0}) || !Arrays.equals(call.constant(2), new long[] {1})) {
            throw call.failure("expected a start of 0 and steps of 1");
        }
        return List.of(new TensorType(DType.INT64, Shape.of(call.size(1))));
    }
}
