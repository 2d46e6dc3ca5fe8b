package org.dilort.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class HostPortTest {

    @Test
    void bracketsWhatHasColons() throws UnknownHostException {
        InetAddress six = InetAddress.getByAddress(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
        InetAddress four = InetAddress.getByAddress("here", new byte[] {127, 0, 0, 1});
        assertThat(HostPort.text(new InetSocketAddress(four, 80))).isEqualTo("127.0.0.1:80");
        assertThat(HostPort.text(new InetSocketAddress(six, 80))).isEqualTo("[0:0:0:0:0:0:0:1]:80");
        assertThat(HostPort.text(InetSocketAddress.createUnresolved("no.such", 9)))
                .isEqualTo("no.such:9");
    }
}
