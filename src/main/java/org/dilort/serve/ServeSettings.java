package org.dilort.serve;

import java.net.InetSocketAddress;
import org.dilort.error.ConfigException;

/**
 * Where and how much a server serves.
 *
 * @param concurrent answers at one time; further requests wait
 * @param waiting requests that may wait; one more is refused with 503
 * @param bodyBytes bound of a request's body
 * @param newTokens what a request that names no {@code max_tokens} may generate, and the most that one may ask for
 */
public record ServeSettings(
        InetSocketAddress address, Access access, int concurrent, int waiting, int bodyBytes, int newTokens) {
    public ServeSettings {
        require("concurrent", concurrent, 1);
        require("waiting", waiting, 0);
        require("body_bytes", bodyBytes, 1);
        require("max_new_tokens", newTokens, 1);
    }

    private static void require(String name, int value, int least) {
        if (value < least) {
            throw new ConfigException(name + ": got " + value + ", expected at least " + least);
        }
    }
}
