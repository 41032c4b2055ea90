package verger.kernel.cells;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.internal.config.package$;
import org.apache.spark.network.TransportContext;
import org.apache.spark.network.client.StreamCallback;
import org.apache.spark.network.client.TransportClientFactory;
import org.apache.spark.network.server.NoOpRpcHandler;
import org.apache.spark.network.util.MapConfigProvider;
import org.apache.spark.network.util.TransportConf;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.rpc.RpcEnv$;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;

/** Spark's own server and its own clients: a driver, an executor, and a stranger who has no secret. */
class ClassServerTest {

    @TempDir
    Path folder;

    private RpcEnv driver;
    private URI classes;

    @BeforeEach
    void write() throws Exception {
        Files.writeString(folder.resolve("key"), "secret");
        Files.writeString(Files.createDirectory(folder.resolve("classes")).resolve("A.class"), "class A");
    }

    @AfterEach
    void stop() {
        driver.shutdown();
        driver.awaitTermination();
    }

    @Test
    void aStrangerGetsNothing() throws Exception {
        start(true);
        ClassServer.guard(driver);

        assertThatThrownBy(() -> stranger("/classes/A.class")).isInstanceOf(ExecutionException.class)
                .hasMessageContaining("has not shown the secret");
        assertThatThrownBy(() -> stranger("/classes/../key")).isInstanceOf(ExecutionException.class);
    }

    @Test
    void anExecutorGetsTheClassesAndNothingElse() throws Exception {
        start(true);
        ClassServer.guard(driver);

        assertThat(executor("/A.class")).isEqualTo("class A");
        assertThatThrownBy(() -> executor("/../key")).hasMessageContaining("from their folder only");
    }

    @Test
    void withoutAuthenticationNobodyLeavesTheFolder() throws Exception {
        start(false);
        ClassServer.guard(driver);

        assertThat(stranger("/classes/A.class")).isEqualTo("class A");
        assertThatThrownBy(() -> stranger("/classes/../key")).hasMessageContaining("from their folder only");
    }

    /** Should Spark mend it, this is not needed any more. */
    @Test
    void sparkAloneAnswersAStranger() throws Exception {
        start(true);

        assertThat(stranger("/classes/../key")).isEqualTo("secret");
    }

    private void start(boolean authenticate) {
        SparkConf conf = conf(authenticate);
        driver = RpcEnv$.MODULE$.create("sparkDriver", "localhost", 0, conf, security(conf), false);
        classes = URI.create(driver.fileServer().addDirectory("/classes", folder.resolve("classes").toFile()));
    }

    private static SparkConf conf(boolean authenticate) {
        return new SparkConf(false).set("spark.master", "spark://elsewhere:7077").set("spark.app.id", "app")
                .set("spark.authenticate", Boolean.toString(authenticate)).set("spark.authenticate.secret", "of this test");
    }

    private static SecurityManager security(SparkConf conf) {
        SecurityManager manager = new SecurityManager(conf, Option.empty(), package$.MODULE$.AUTH_SECRET_FILE());
        manager.initializeAuth();
        return manager;
    }

    /** What an executor reads, as Spark's class loader there does. */
    private String executor(String path) throws Exception {
        SparkConf conf = conf(true);
        RpcEnv executor = RpcEnv$.MODULE$.create("sparkExecutor", "localhost", 0, conf, security(conf), true);
        try (var content = Channels.newInputStream(executor.openChannel(classes + path))) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            executor.shutdown();
        }
    }

    /** What somebody reads who only knows the port. */
    private String stranger(String stream) throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        StringBuilder text = new StringBuilder();
        try (TransportContext context = new TransportContext(new TransportConf("rpc", MapConfigProvider.EMPTY),
                new NoOpRpcHandler());
                TransportClientFactory clients = context.createClientFactory()) {
            clients.createClient(classes.getHost(), classes.getPort()).stream(stream, new StreamCallback() {

                @Override
                public void onData(String id, ByteBuffer bytes) {
                    text.append(StandardCharsets.UTF_8.decode(bytes));
                }

                @Override
                public void onComplete(String id) {
                    answer.complete(text.toString());
                }

                @Override
                public void onFailure(String id, Throwable cause) {
                    answer.completeExceptionally(cause);
                }
            });
            return answer.get(30, TimeUnit.SECONDS);
        }
    }
}
