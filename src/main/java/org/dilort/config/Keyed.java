package org.dilort.config;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** An enum constant that is written in lower case in a configuration. */
interface Keyed {

    String name();

    @JsonValue
    default String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
