package verger.box;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user sees whose machine will not do: one sentence. */
@Tag("slow")
class RefusalTest {

    @TempDir
    Path folder;

    @Test
    void aPortInUse() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String said = refused(Map.of(), "--gateway-port", "" + taken.getLocalPort());

            assertThat(said).isEqualTo("Port " + taken.getLocalPort() + " for the gateway cannot be used "
                    + "(Address already in use): end what listens there, or leave the option out and the system chooses one");
        }
    }

    @Test
    void noJdk() throws Exception {
        assertThat(refused(Map.of("JAVA_HOME", "/nowhere")))
                .startsWith("There is no java in JAVA_HOME (/nowhere): install a JDK 17 (Debian: ");
    }

    @Test
    void aFolderThatTheUserMayNotEnter() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"));

        assertThat(refused(Map.of()))
                .startsWith("emr-notebook may not enter " + folder.toRealPath().resolve("box") + ": give a --folder");
    }

    @Test
    void nodesThatAreNoNumber() throws Exception {
        assertThat(refused(Map.of(), "--nodes", "two")).endsWith("argument --nodes: wants a number from 1 to 16: got two");
    }

    /** The last line of what the start script says; the folder is one that only its owner may enter. */
    private String refused(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(Box.command("--folder", folder.resolve("box").toString(), "--built"));
        builder.command().addAll(java.util.List.of(arguments));
        builder.environment().putAll(environment);
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).isNotZero();
        return said.substring(said.lastIndexOf('\n') + 1);
    }
}
