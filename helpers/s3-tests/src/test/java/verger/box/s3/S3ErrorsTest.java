package verger.box.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.features.ImageFeaturizer;
import verger.images.Images;
import verger.storage.Results;

/** What a user sees whom S3 does not answer, or not as hoped. */
@Tag("slow")
class S3ErrorsTest {

    /** A user's patience with a mistyped endpoint; S3A's own takes a quarter of an hour. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final SparkSession spark = TestS3.spark();

    @TempDir
    Path folder;

    @Test
    void refusedCredentials() throws IOException {
        try (TestS3 s3 = new TestS3(folder, "not-yours", new Credentials("somebody", "else"))) {
            String refused = " refuses these credentials for not-yours: check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
                    + "or the role's rights to this bucket (";

            assertThatFails(() -> Images.read(spark, s3.uri("Training")))
                    .startsWith("Cannot list the images at " + s3.uri("Training") + ": S3 at http://127.0.0.1:")
                    .contains(refused);
            assertThatFails(() -> new Results(spark, s3.uri("out")))
                    .startsWith("Cannot write results to " + s3.uri("out") + ": S3 at http://127.0.0.1:").contains(refused);
            assertThatFails(() -> new ImageFeaturizer().setNetwork("ResNet50").setWeights(s3.uri("weights.zip")).choice())
                    .contains("ResNet50 weights not found: weights=" + s3.uri("weights.zip")).contains(refused);
        }
    }

    @Test
    void noSuchBucket() throws IOException {
        try (TestS3 s3 = new TestS3(folder, "yours", TestS3.CREDENTIALS)) {
            String endpoint = s3.endpoint();
            TestS3.know("nobodys", endpoint);

            assertThatFails(() -> Images.read(spark, "s3a://nobodys/Training")).isEqualTo("Cannot list the images at "
                    + "s3a://nobodys/Training: there is no bucket nobodys at " + endpoint + ": check its name, "
                    + "spark.hadoop.fs.s3a.endpoint and spark.hadoop.fs.s3a.endpoint.region");
        }
    }

    @Test
    void noCredentials() throws IOException {
        try (TestS3 s3 = new TestS3(folder, "anonymous", TestS3.CREDENTIALS)) {
            // Looks for a session's token alone, which the environment of the tests has not.
            TestS3.set("fs.s3a.bucket.anonymous.aws.credentials.provider",
                    "org.apache.hadoop.fs.s3a.TemporaryAWSCredentialsProvider");

            assertThatFails(() -> Images.read(spark, s3.uri("Training"))).isEqualTo("Cannot list the images at "
                    + s3.uri("Training") + ": there are no AWS credentials for anonymous: set AWS_ACCESS_KEY_ID and "
                    + "AWS_SECRET_ACCESS_KEY, or run on a machine whose role may use the bucket");
        }
    }

    @Test
    void aSparkWithoutS3A() {
        String s3a = "fs.s3a.impl";
        TestS3.set(s3a, "org.apache.hadoop.fs.s3a.NotOnTheClassPath");
        try {
            assertThatFails(() -> Images.read(spark, "s3a://anything/Training")).startsWith("Cannot list the images at "
                    + "s3a://anything/Training: this Spark has no S3A: add org.apache.hadoop:hadoop-aws of its "
                    + "Hadoop version to its jars");
        } finally {
            TestS3.set(s3a, "org.apache.hadoop.fs.s3a.S3AFileSystem");
        }
    }

    @Test
    void nothingAtTheAddress() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        TestS3.know("closed", "http://127.0.0.1:" + closed);
        String silence = "S3 does not answer at http://127.0.0.1:" + closed + " (Connect to 127.0.0.1:" + closed
                + " [/127.0.0.1] failed: Connection refused): check the network, the proxy (spark.hadoop.fs.s3a.proxy.host) "
                + "and spark.hadoop.fs.s3a.endpoint";

        assertThatFails(() -> Images.read(spark, "s3a://closed/Training"))
                .isEqualTo("Cannot list the images at s3a://closed/Training: " + silence);
        assertThatFails(() -> new Results(spark, "s3://closed/out"))
                .isEqualTo("Cannot write results to s3://closed/out: " + silence);
        assertThatFails(() -> new ImageFeaturizer().setNetwork("ResNet50").setWeights("s3a://closed/weights.zip").choice())
                .contains(silence);
    }

    /** As where a firewall swallows what is sent. */
    @Test
    void somebodyWhoNeverAnswers() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            TestS3.know("silent", "http://127.0.0.1:" + silent.getLocalPort());

            assertThatFails(() -> Images.read(spark, "s3a://silent/Training"))
                    .contains("S3 does not answer at http://127.0.0.1:" + silent.getLocalPort() + " (Read timed out)");
        }
    }

    @Test
    void aHostThatIsNone() {
        TestS3.know("mistyped", "http://s3.invalid");

        assertThatFails(() -> Images.read(spark, "s3a://mistyped/Training"))
                .contains("S3 does not answer at http://s3.invalid (unknown host s3.invalid");
    }

    private static AbstractStringAssert<?> assertThatFails(ThrowingCallable call) {
        long start = System.nanoTime();
        String[] message = new String[1];
        assertThatThrownBy(call).satisfies(e -> message[0] = e.getMessage());
        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        assertThat(taken).isLessThan(PATIENCE);
        return assertThat(message[0]);
    }
}
