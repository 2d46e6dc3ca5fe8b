package org.dilort.template;

import java.util.List;
import java.util.Optional;

/** Jinja's {@code loop}: where a {@code for} is. */
final class LoopState implements Value {
    private final List<Value> items;
    private int index;
    private List<Value> lastChanged = List.of();
    private boolean neverChanged = true;

    LoopState(List<Value> items) {
        this.items = items;
    }

    /** @param position from 0 */
    void moveTo(int position) {
        index = position;
    }

    @Override
    public String type() {
        return "LoopContext";
    }

    @Override
    public void repr(TextBuffer out) {
        out.append("<LoopContext " + (index + 1) + "/" + items.size() + ">");
    }

    @Override
    public int length() {
        return items.size();
    }

    @Override
    public boolean hasLength() {
        return true;
    }

    @Override
    public Optional<Value> attribute(String name) {
        return switch (name) {
            case "index" -> number(index + 1);
            case "index0" -> number(index);
            case "revindex" -> number(items.size() - index);
            case "revindex0" -> number(items.size() - index - 1);
            case "length" -> number(items.size());
            case "depth" -> number(1);
            case "depth0" -> number(0);
            case "first" -> Optional.of(Bool.of(index == 0));
            case "last" -> Optional.of(Bool.of(index == items.size() - 1));
            case "previtem" -> Optional.of(index == 0 ? missing("previous") : items.get(index - 1));
            case "nextitem" -> Optional.of(index == items.size() - 1 ? missing("next") : items.get(index + 1));
            case "cycle" -> Optional.of(new Function(name, (arguments, evaluation) -> cycle(arguments)));
            case "changed" -> Optional.of(new Function(name, this::changed));
            default -> Optional.empty();
        };
    }

    private static Optional<Value> number(int value) {
        return Optional.of(Int.of(value));
    }

    private static Undefined missing(String which) {
        return new Undefined("there is no " + which + " item");
    }

    private Value cycle(Arguments arguments) {
        List<Value> choices = arguments.positional();
        if (choices.isEmpty()) {
            throw Fault.evaluation("no items for cycling given");
        }
        return choices.get(index % choices.size());
    }

    private Value changed(Arguments arguments, Evaluation evaluation) {
        List<Value> values = arguments.positional();
        if (!neverChanged && Sequence.equal(values, lastChanged, evaluation.budget())) {
            return Bool.FALSE;
        }
        neverChanged = false;
        lastChanged = values;
        return Bool.TRUE;
    }
}
