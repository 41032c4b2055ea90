package verger.kernel.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway's side is played here as its ResponseManager does it; the gateway itself is in the tests of the kernel. */
class RemoteLinkTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final BlockingQueue<String> orders = new LinkedBlockingQueue<>();
    private KeyPair keys;

    @BeforeEach
    void makeKeys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024); // as the gateway's
        keys = generator.generateKeyPair();
    }

    @Test
    void tellsTheGatewayEncryptedWhereTheKernelListens() throws Exception {
        try (ServerSocket gateway = new ServerSocket(0); RemoteLink link = open(gateway.getLocalPort())) {
            JsonNode file = JSON.readTree(connectionFile().toFile());
            List<ServerSocket> kernel = listenAsTheKernel(file);

            link.announce(() -> false);

            String sent;
            try (Socket from = gateway.accept()) {
                sent = new String(from.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            }
            JsonNode told = decrypted(sent);
            assertThat(sent).doesNotContain(file.get("key").asText());
            for (String field : List.of("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port", "key", "transport",
                    "signature_scheme")) {
                assertThat(told.get(field)).isEqualTo(file.get(field));
            }
            assertThat(told.get("kernel_id").asText()).isEqualTo("4d5e-01");
            assertThat(told.get("pid").asLong()).isEqualTo(ProcessHandle.current().pid());
            for (ServerSocket socket : kernel) {
                socket.close();
            }
        }
    }

    @Test
    void theGatewayGivesOrders() throws Exception {
        try (ServerSocket gateway = new ServerSocket(0); RemoteLink link = open(gateway.getLocalPort())) {
            List<ServerSocket> kernel = listenAsTheKernel(JSON.readTree(connectionFile().toFile()));
            link.announce(() -> false);
            int comm;
            try (Socket from = gateway.accept()) {
                comm = decrypted(new String(from.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).get("comm_port")
                        .asInt();
            }

            for (String order : List.of("{\"signum\": 0}", "{\"signum\": 2}", "nonsense", "", "{\"signum\": 15}",
                    "{\"shutdown\": 1}")) {
                try (Socket to = new Socket("127.0.0.1", comm)) {
                    to.getOutputStream().write(order.getBytes(StandardCharsets.UTF_8));
                }
            }

            List<String> given = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                given.add(orders.poll(10, TimeUnit.SECONDS));
            }
            // Each has its own thread.
            assertThat(given).containsExactlyInAnyOrder("interrupt", "shutdown", "shutdown");
            assertThat(orders).isEmpty();
            for (ServerSocket socket : kernel) {
                socket.close();
            }
        }
    }

    @Test
    void aKernelThatEndsBeforeItListensIsNotAnnounced() throws Exception {
        try (ServerSocket gateway = new ServerSocket(0); RemoteLink link = open(gateway.getLocalPort())) {
            link.announce(() -> true);

            gateway.setSoTimeout(200);
            assertThatThrownBy(gateway::accept).isInstanceOf(java.net.SocketTimeoutException.class);
        }
    }

    @Test
    void aGatewayThatDoesNotListenIsNamed() throws Exception {
        int nobody;
        try (ServerSocket gone = new ServerSocket(0)) {
            nobody = gone.getLocalPort();
        }
        try (RemoteLink link = open(nobody)) {
            List<ServerSocket> kernel = listenAsTheKernel(JSON.readTree(connectionFile().toFile()));

            assertThatThrownBy(() -> link.announce(() -> false)).hasCauseInstanceOf(ConnectException.class)
                    .hasMessageContaining("Cannot tell the gateway at 127.0.0.1:" + nobody)
                    .hasMessageContaining("does EG_RESPONSE_IP name an address that this machine reaches?");
            for (ServerSocket socket : kernel) {
                socket.close();
            }
        }
    }

    @Test
    void aKeyThatIsNoneIsSaidSo() {
        assertThatThrownBy(() -> Announcement.payload("{}", "bm90IGEga2V5"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--RemoteProcessProxy.public-key is no RSA key");
    }

    private RemoteLink open(int port) throws Exception {
        RemoteArguments arguments = RemoteArguments.parse("--RemoteProcessProxy.kernel-id", "4d5e-01",
                "--RemoteProcessProxy.response-address", "127.0.0.1:" + port,
                "--RemoteProcessProxy.public-key", Base64.getEncoder().encodeToString(keys.getPublic().getEncoded()));
        return RemoteLink.open(arguments, connectionFile(), () -> orders.add("interrupt"), () -> orders.add("shutdown"));
    }

    private Path connectionFile() throws Exception {
        Path file = folder.resolve("connection.json");
        return Files.exists(file) ? file : Files.createFile(file);
    }

    private static List<ServerSocket> listenAsTheKernel(JsonNode connection) throws Exception {
        List<ServerSocket> sockets = new ArrayList<>();
        for (String channel : List.of("shell", "iopub", "stdin", "control", "hb")) {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(connection.get(channel + "_port").asInt()));
            sockets.add(socket);
        }
        return sockets;
    }

    private JsonNode decrypted(String payload) throws Exception {
        JsonNode sent = JSON.readTree(Base64.getDecoder().decode(payload));
        assertThat(sent.get("version").asInt()).isEqualTo(1);
        Cipher rsa = Cipher.getInstance("RSA/ECB/PKCS1Padding");
        rsa.init(Cipher.DECRYPT_MODE, keys.getPrivate());
        Cipher aes = Cipher.getInstance("AES/ECB/PKCS5Padding");
        aes.init(Cipher.DECRYPT_MODE,
                new SecretKeySpec(rsa.doFinal(Base64.getDecoder().decode(sent.get("key").asText())), "AES"));
        return JSON.readTree(aes.doFinal(Base64.getDecoder().decode(sent.get("conn_info").asText())));
    }
}
