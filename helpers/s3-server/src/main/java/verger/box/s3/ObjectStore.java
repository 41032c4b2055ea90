package verger.box.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import verger.box.s3.S3Exception.Code;

/** The buckets, each a folder of the data folder, and a place for content that is still on its way. */
final class ObjectStore {

    /** No bucket's name begins with a dot. */
    private static final String INCOMING = ".incoming";

    private final Path data;
    private final Path incoming;
    private final ConcurrentMap<String, Bucket> buckets = new ConcurrentHashMap<>();

    /** @param data made if it does not exist; its folders are the buckets */
    ObjectStore(Path data) throws IOException {
        this.data = Files.createDirectories(data).toAbsolutePath().normalize();
        this.incoming = Files.createDirectories(this.data.resolve(INCOMING));
        try (Stream<Path> left = Files.list(incoming)) {
            for (Path file : left.toList()) {
                Files.delete(file); // of a server that was killed
            }
        }
        try (Stream<Path> folders = Files.list(this.data)) {
            for (Path folder : folders.filter(Files::isDirectory).filter(path -> !path.equals(incoming)).toList()) {
                buckets.put(folder.getFileName().toString(), Bucket.in(folder));
            }
        }
    }

    void create(String name) throws S3Exception, IOException {
        if (!name.matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")) {
            throw new S3Exception(Code.InvalidBucketName,
                    "A bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens: " + name);
        }
        if (buckets.putIfAbsent(name, Bucket.in(data.resolve(name))) != null) {
            throw new S3Exception(Code.BucketAlreadyOwnedByYou, "There is a bucket " + name);
        }
    }

    Bucket bucket(String name) throws S3Exception {
        Bucket bucket = buckets.get(name);
        if (bucket == null) {
            throw new S3Exception(Code.NoSuchBucket, "The specified bucket does not exist: " + name);
        }
        return bucket;
    }

    void delete(String name) throws S3Exception, IOException {
        Bucket bucket = bucket(name);
        if (!bucket.isEmpty()) {
            throw new S3Exception(Code.BucketNotEmpty, "The bucket is not empty: " + name);
        }
        bucket.deleteFolder();
        buckets.remove(name);
    }

    NavigableSet<String> names() {
        return new TreeSet<>(buckets.keySet());
    }

    /** Content that has arrived whole, on its way into a bucket. */
    record Received(Path file, long length, byte[] md5) {

        String etag() {
            return Digests.hex(md5);
        }
    }

    Received receive(InputStream body) throws IOException {
        Path file = newFile();
        MessageDigest md5 = Digests.md5();
        try {
            long length;
            try (OutputStream out = new DigestOutputStream(Files.newOutputStream(file), md5)) {
                length = body.transferTo(out);
            }
            return new Received(file, length, md5.digest());
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    Path newFile() {
        return incoming.resolve(UUID.randomUUID().toString());
    }
}
