package org.dilort.template;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** What Python's generators and iterators are to a template: gone through once, without a length or a text. */
final class OneShot implements Value {
    private final String type;
    private final Deque<Value> rest;
    private final int depth;

    private OneShot(String type, Collection<Value> items, int depth) {
        this.type = type;
        this.rest = new ArrayDeque<>(items);
        this.depth = depth;
    }

    static OneShot generator(Collection<Value> items, Budget budget) {
        return of("generator", items, budget);
    }

    static OneShot of(String type, Collection<Value> items, Budget budget) {
        budget.gather(items.size());
        return new OneShot(type, items, Sequence.depth(items, budget));
    }

    Optional<Value> next() {
        return Optional.ofNullable(rest.poll());
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public List<Value> elements(Budget budget) {
        budget.gather(rest.size());
        List<Value> items = List.copyOf(rest);
        rest.clear();
        return items;
    }

    @Override
    public int depth() {
        return depth;
    }
}
