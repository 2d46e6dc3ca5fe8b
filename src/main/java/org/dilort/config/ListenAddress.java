package org.dilort.config;

import com.fasterxml.jackson.annotation.JsonValue;

/** Where something is served, if it is. */
public sealed interface ListenAddress {
    String LOOPBACK = "127.0.0.1";

    static ListenAddress none() {
        return new None();
    }

    static ListenAddress parse(String text) {
        if (text.equals("none")) {
            return none();
        }
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? LOOPBACK : text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String port = text.substring(colon + 1);
        boolean valid = port.matches("[0-9]{1,5}")
                && Integer.parseInt(port) <= At.LAST_PORT
                && !host.isBlank()
                && (bracketed || host.indexOf(':') < 0);
        Require.check(valid, "", text, "none, a port, or HOST:PORT; by default this machine alone can ask");
        return new At(bracketed ? host.substring(1, host.length() - 1) : host, Integer.parseInt(port));
    }

    @JsonValue
    String text();

    /** Nothing is served. */
    record None() implements ListenAddress {
        @Override
        public String text() {
            return "none";
        }
    }

    /**
     * Under a name or address of this machine.
     *
     * @param port 0 = any that is free
     */
    record At(String host, int port) implements ListenAddress {
        private static final int LAST_PORT = 65_535;

        @Override
        public String text() {
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        }
    }
}
