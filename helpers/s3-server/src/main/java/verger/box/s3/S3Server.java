package verger.box.s3;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import verger.box.s3.S3Exception.Code;

/**
 * An S3 endpoint on loopback that keeps its objects in a folder, where one can look at them.
 *
 * <pre>{@code
 * try (S3Server s3 = S3Server.start(folder, 0, new Credentials("me", "secret"), List.of("fruits"))) {
 *     conf.set("fs.s3a.endpoint", s3.endpoint());
 *     conf.set("fs.s3a.path.style.access", "true");
 * }
 * }</pre>
 *
 * <p>Files that lie in {@code <folder>/<bucket>} at the start are objects of the bucket; such that are put there later are
 * not seen. A restart forgets content types, {@code x-amz-meta-*} and uploads that were not completed.
 */
public final class S3Server implements AutoCloseable {

    static {
        // Otherwise every answer waits 40 ms for the client's acknowledgement of its headers.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** Where the endpoint says that its buckets are; any region of a client's will do. */
    public static final String REGION = "us-east-1";

    /** That of AWS: the least that a part may have, unless it is the last. */
    private static final long MIN_PART_BYTES = 5 << 20;

    private static final int THREADS = 64;

    private final HttpServer server;
    private final ExecutorService threads;
    private final RequestCounts counts;
    private final Faults faults;

    private S3Server(HttpServer server, ExecutorService threads, RequestCounts counts, Faults faults) {
        this.server = server;
        this.threads = threads;
        this.counts = counts;
        this.faults = faults;
    }

    /**
     * Starts a server.
     *
     * @param data    made if it does not exist
     * @param port    0 for any that is free
     * @param buckets made if they do not exist
     * @throws IllegalArgumentException if a bucket cannot have that name
     */
    public static S3Server start(Path data, int port, Credentials credentials, List<String> buckets) throws IOException {
        ObjectStore store = new ObjectStore(data);
        for (String bucket : buckets) {
            create(store, bucket);
        }
        RequestCounts counts = new RequestCounts();
        Faults faults = new Faults();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), THREADS);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        server.setExecutor(threads);
        server.createContext("/", new Handler(store, credentials, counts, faults, MIN_PART_BYTES));
        server.start();
        return new S3Server(server, threads, counts, faults);
    }

    private static void create(ObjectStore store, String bucket) throws IOException {
        try {
            store.create(bucket);
        } catch (S3Exception e) {
            if (e.code() != Code.BucketAlreadyOwnedByYou) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }
    }

    /** What clients take for {@code fs.s3a.endpoint} or {@code --endpoint-url}. */
    public String endpoint() {
        InetSocketAddress address = server.getAddress();
        return "http://" + address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    /** How often what was asked for. */
    public RequestCounts requests() {
        return counts;
    }

    /** What is to go wrong. */
    public Faults faults() {
        return faults;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** Serves until it is interrupted; see {@link Options#USAGE}. */
    public static void main(String[] arguments) throws Exception {
        Options options;
        try {
            options = Options.of(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n" + Options.USAGE);
            System.exit(2);
            return;
        }
        Credentials credentials = Credentials.ofEnvironment();
        S3Server server;
        try {
            server = start(options.data(), options.port(), credentials, options.buckets());
        } catch (IOException | IllegalArgumentException e) {
            System.err.println("The S3 server cannot start on port " + options.port() + " with " + options.data() + ": "
                    + e.getMessage());
            System.exit(1);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        System.out.println("S3 answers at " + server.endpoint() + ", objects are in " + options.data().toAbsolutePath());
        System.out.println(credentials.equals(Credentials.OF_THE_BOX)
                ? "AWS_ACCESS_KEY_ID=" + credentials.accessKey() + " AWS_SECRET_ACCESS_KEY=" + credentials.secretKey()
                : "It accepts the credentials that AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of its environment hold");
    }
}
