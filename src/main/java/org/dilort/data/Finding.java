package org.dilort.data;

import org.dilort.input.SourceLine;

/**
 * Something that is wrong with an example.
 *
 * @param detail what exactly, for people; empty where the kind says it all
 */
public record Finding(FindingKind kind, SourceLine source, String detail) {

    @Override
    public String toString() {
        return source + ": " + kind.label() + (detail.isEmpty() ? "" : ": " + detail);
    }
}
