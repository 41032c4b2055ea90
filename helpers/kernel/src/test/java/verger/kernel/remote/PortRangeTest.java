package verger.kernel.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortRangeTest {

    @Test
    void reservesDifferentPortsOfTheRange() throws Exception {
        PortRange range = aroundAFreePort(30);

        List<Socket> reserved = range.reserve(5);

        assertThat(reserved).extracting(Socket::getLocalPort).doesNotHaveDuplicates()
                .allSatisfy(port -> assertThat(port).isBetween(range.low(), range.high()));
        closeAll(reserved);
    }

    @Test
    void whoTheyAreReservedForCanListenThere() throws Exception {
        List<Socket> reserved = new PortRange(0, 0).reserve(1);

        try (ServerSocket listening = new ServerSocket()) {
            listening.setReuseAddress(true);
            listening.bind(new InetSocketAddress(reserved.get(0).getLocalPort()));
            try (Socket client = new Socket("127.0.0.1", listening.getLocalPort())) {
                assertThat(client.isConnected()).isTrue();
            }
        }
        closeAll(reserved);
    }

    @Test
    void aFullRangeIsAnErrorThatNamesIt() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            int port = taken.getLocalPort();

            assertThatThrownBy(() -> new PortRange(port, port).listen()).isInstanceOf(IllegalStateException.class)
                    .hasMessage("No port of " + port + ".." + port
                            + " is free on this machine: widen the gateway's port range (EG_PORT_RANGE)");
        }
    }

    private static PortRange aroundAFreePort(int size) throws Exception {
        try (ServerSocket free = new ServerSocket(0)) {
            int low = Math.min(free.getLocalPort(), 65535 - size);
            return new PortRange(low, low + size);
        }
    }

    private static void closeAll(List<Socket> sockets) throws Exception {
        for (Socket socket : new ArrayList<>(sockets)) {
            socket.close();
        }
    }
}
