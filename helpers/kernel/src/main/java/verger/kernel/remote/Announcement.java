package verger.kernel.remote;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;

/**
 * Tells an Enterprise Gateway where the kernel listens, so that nobody on the way can read it.
 *
 * <p>Version 1 of the payload, as the gateway's document "Kernel launchers" and its ResponseManager have it: the connection
 * under a random AES key, that key under the gateway's RSA key, both in base64 in a JSON in base64.
 */
final class Announcement {

    private static final int AES_BITS = 128;
    private static final int TIMEOUT_MILLIS = 10_000;

    private Announcement() {
    }

    /**
     * Sends the connection to the gateway.
     *
     * @param connection JSON
     * @throws IOException with the gateway's address, if it does not listen
     */
    static void send(String connection, RemoteArguments arguments) throws IOException {
        String payload = payload(connection, arguments.publicKey());
        InetSocketAddress gateway = new InetSocketAddress(arguments.responseHost(), arguments.responsePort());
        try (Socket socket = new Socket()) {
            socket.connect(gateway, TIMEOUT_MILLIS);
            socket.getOutputStream().write(payload.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new IOException("Cannot tell the gateway at " + arguments.responseHost() + ":" + arguments.responsePort()
                    + " where the kernel listens (" + e.getMessage()
                    + "): does EG_RESPONSE_IP name an address that this machine reaches?", e);
        }
    }

    static String payload(String connection, String publicKey) {
        try {
            KeyGenerator generator = KeyGenerator.getInstance("AES");
            generator.init(AES_BITS);
            SecretKey aes = generator.generateKey();
            Cipher forConnection = Cipher.getInstance("AES/ECB/PKCS5Padding");
            forConnection.init(Cipher.ENCRYPT_MODE, aes);
            Cipher forKey = Cipher.getInstance("RSA/ECB/PKCS1Padding");
            forKey.init(Cipher.ENCRYPT_MODE, rsa(publicKey));
            return base64(("{\"version\": 1, \"key\": \"" + base64(forKey.doFinal(aes.getEncoded())) + "\", \"conn_info\": \""
                    + base64(forConnection.doFinal(connection.getBytes(StandardCharsets.UTF_8))) + "\"}")
                    .getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java cannot encrypt for the gateway: " + e.getMessage(), e);
        }
    }

    private static PublicKey rsa(String key) throws GeneralSecurityException {
        try {
            return KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(Base64.getMimeDecoder().decode(key)));
        } catch (java.security.spec.InvalidKeySpecException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "--RemoteProcessProxy.public-key is no RSA key (X.509 in base64): " + e.getMessage(), e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
