package org.dilort.net;

import java.net.InetSocketAddress;

/** An address as people write it. */
public final class HostPort {
    private HostPort() {}

    /** {@code HOST:PORT}, without the slash that Java puts before an address. */
    public static String text(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }
}
