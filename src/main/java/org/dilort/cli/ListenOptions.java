package org.dilort.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Where a command that serves listens. */
final class ListenOptions {
    private static final String HOST = "host";
    private static final String PORT = "port";
    private static final int LAST_PORT = 65_535;

    private ListenOptions() {}

    static CommandOption host() {
        return CommandOption.optional(
                HOST, "NAME", "127.0.0.1", "address to listen on; by default this machine alone can ask");
    }

    static CommandOption port(String defaultValue) {
        return CommandOption.optional(PORT, "N", defaultValue, "0 takes any that is free");
    }

    static InetSocketAddress address(Arguments arguments) {
        int port = arguments.wholeNumber(PORT, 0);
        if (port > LAST_PORT) {
            throw new UsageException("--port: got " + port + ", expected at most " + LAST_PORT);
        }
        String host = arguments.text(HOST);
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new UsageException("--host: got \"" + host + "\", expected an address of this machine");
        }
    }
}
