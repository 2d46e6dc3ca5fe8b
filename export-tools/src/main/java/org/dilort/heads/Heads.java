package org.dilort.heads;

import java.util.List;
import org.dilort.error.ConfigException;

/** All heads of this project. */
public final class Heads {
    private static final List<Head> ALL = List.of(new Bce(), new Dpo(), new Lsif(), new Sft(), new Ukl());

    private Heads() {}

    public static List<Head> all() {
        return ALL;
    }

    public static Head named(String name) {
        return ALL.stream()
                .filter(head -> head.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigException("head.name: got \"" + name + "\", expected one of "
                        + ALL.stream().map(Head::name).toList()));
    }
}
