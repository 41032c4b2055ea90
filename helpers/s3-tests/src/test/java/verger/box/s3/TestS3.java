package verger.box.s3;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** A server with a bucket of its own, which the one Spark session of the tests knows by its name. */
final class TestS3 implements AutoCloseable {

    static final Path HOME = Path.of(System.getProperty("verger.home"));

    /** Those of the environment that the tests run in, as a user gives them: no setting of Spark holds them. */
    static final Credentials CREDENTIALS = Credentials.ofEnvironment();

    private static final SparkSession SPARK = SparkSession.builder()
            .master("local[2]")
            .appName("verger-s3-tests")
            .config("spark.ui.enabled", false)
            .config("spark.sql.shuffle.partitions", 4)
            .config("spark.hadoop.fs.s3a.path.style.access", true)
            .getOrCreate();

    private final S3Server server;
    private final Path folder;
    private final String bucket;

    /** @param bucket a name that no other test uses: file systems are kept by it */
    TestS3(Path folder, String bucket, Credentials credentials) throws IOException {
        this.server = S3Server.start(folder, 0, credentials, List.of(bucket));
        this.folder = folder.resolve(bucket);
        this.bucket = bucket;
        know(bucket, server.endpoint());
    }

    static SparkSession spark() {
        return SPARK;
    }

    /** Tells Spark where a bucket is. */
    static void know(String bucket, String endpoint) {
        set("fs.s3a.bucket." + bucket + ".endpoint", endpoint);
    }

    static void set(String name, String value) {
        SPARK.sparkContext().hadoopConfiguration().set(name, value);
    }

    /** A photograph of the sample. */
    static byte[] jpeg() throws IOException {
        return Files.readAllBytes(HOME.resolve("data-sample/Training/Banana/0_100.jpg"));
    }

    String uri(String key) {
        return "s3a://" + bucket + "/" + key;
    }

    String endpoint() {
        return server.endpoint();
    }

    RequestCounts requests() {
        return server.requests();
    }

    Faults faults() {
        return server.faults();
    }

    /** The keys of all objects but the marks of folders. */
    List<String> keys() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).map(file -> KeyFiles.key(folder, file))
                    .filter(key -> !key.endsWith("/")).sorted().toList();
        }
    }

    byte[] content(String key) throws IOException {
        return Files.readAllBytes(KeyFiles.file(folder, key));
    }

    /** Parts of uploads that nobody has completed or aborted. */
    List<Path> pending() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolveSibling(".incoming"))) {
            return files.toList();
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
