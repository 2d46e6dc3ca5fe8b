package org.dilort.template;

import java.util.Collection;
import org.dilort.error.Nearest;

/** Names that are not known. */
final class Names {
    private Names() {}

    /** The end of a message: the name that may have been meant, if there is one. */
    static String suggest(String name, Collection<String> known) {
        return Nearest.to(name, known.stream().sorted().toList())
                .map(near -> "; did you mean '" + near + "'?")
                .orElse("");
    }
}
