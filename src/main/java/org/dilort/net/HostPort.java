package org.dilort.net;

import java.net.InetSocketAddress;

/** An address as people and URLs write it. */
public final class HostPort {
    private HostPort() {}

    /** {@code HOST:PORT}, in brackets what has colons of its own. */
    public static String text(InetSocketAddress address) {
        String host = address.isUnresolved()
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }
}
