package verger.box.s3;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/** The objects of a bucket: their content in a folder, what is known of them in memory, in the order that S3 lists them. */
final class Bucket {

    /** The order of the keys' UTF-8 bytes, which is not String's where a character has two halves. */
    static final Comparator<String> KEY_ORDER = Bucket::compareCodePoints;

    private static final int MAX_KEY_BYTES = 1024;

    private final Path folder;
    private final NavigableMap<String, StoredObject> objects = new ConcurrentSkipListMap<>(KEY_ORDER);
    private final Set<String> conditional = ConcurrentHashMap.newKeySet();

    private Bucket(Path folder) {
        this.folder = folder;
    }

    /** A bucket of the objects whose files lie in the folder, made if it does not exist. */
    static Bucket in(Path folder) throws IOException {
        Bucket bucket = new Bucket(Files.createDirectories(folder));
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            StoredObject object = new StoredObject(file, Files.size(file), Digests.hex(Digests.md5(file)),
                    seconds(Files.getLastModifiedTime(file).toInstant()), Map.of());
            bucket.objects.put(KeyFiles.key(folder, file), object);
        }
        return bucket;
    }

    private static int compareCodePoints(String a, String b) {
        for (int i = 0; i < a.length() && i < b.length();) {
            int x = a.codePointAt(i);
            int y = b.codePointAt(i);
            if (x != y) {
                return Integer.compare(x, y);
            }
            i += Character.charCount(x);
        }
        return Integer.compare(a.length(), b.length());
    }

    private static Instant seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }

    /** The objects from a key on, in order; others may come and go meanwhile. */
    NavigableMap<String, StoredObject> from(String key, boolean inclusive) {
        return objects.tailMap(key, inclusive);
    }

    boolean isEmpty() {
        return objects.isEmpty();
    }

    StoredObject get(String key) throws S3Exception {
        StoredObject object = objects.get(key);
        if (object == null) {
            throw S3Exception.noSuchKey(key);
        }
        return object;
    }

    /** An object with its content, which stays readable when it is replaced or deleted. */
    record Opened(StoredObject object, FileChannel content) implements Closeable {

        @Override
        public void close() throws IOException {
            content.close();
        }
    }

    synchronized Opened open(String key) throws S3Exception, IOException {
        StoredObject object = get(key);
        try {
            return new Opened(object, FileChannel.open(object.file()));
        } catch (NoSuchFileException e) {
            throw S3Exception.noSuchKey(key); // somebody tidied up in the folder
        }
    }

    /** Something that may only be done where a certain object is, or none. */
    interface Condition {

        /** @param object null if there is none */
        void check(StoredObject object) throws S3Exception;
    }

    /**
     * Says that a conditional request for a key begins, whose body is still to come.
     *
     * @throws S3Exception if another one has begun and not ended, as S3 says it
     */
    void beginConditional(String key) throws S3Exception {
        if (!conditional.add(key)) {
            throw new S3Exception(S3Exception.Code.ConditionalRequestConflict,
                    "The conditional request cannot succeed due to a conflicting operation against this resource.");
        }
    }

    void endConditional(String key) {
        conditional.remove(key);
    }

    /** Takes a file, which is moved, as the content of an object. */
    synchronized StoredObject put(String key, Path content, String etag, Map<String, String> metadata, Condition condition)
            throws S3Exception, IOException {
        if (key.getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES) {
            throw new S3Exception(S3Exception.Code.KeyTooLongError, "A key has at most " + MAX_KEY_BYTES + " bytes");
        }
        condition.check(objects.get(key));
        long length = Files.size(content);
        Path file = KeyFiles.file(folder, key);
        makeFolders(file.getParent());
        if (Files.isDirectory(file)) {
            file = KeyFiles.besideFolder(file);
        }
        Files.move(content, file, StandardCopyOption.ATOMIC_MOVE);
        StoredObject object = new StoredObject(file, length, etag, seconds(Instant.now()), Map.copyOf(metadata));
        objects.put(key, object);
        return object;
    }

    /** An object {@code a} steps aside when {@code a/b} comes. */
    private void makeFolders(Path wanted) throws IOException {
        for (Path path = wanted; path.startsWith(folder) && !path.equals(folder); path = path.getParent()) {
            if (Files.isRegularFile(path)) {
                String key = KeyFiles.key(folder, path);
                StoredObject aside = objects.get(key);
                Path moved = Files.move(path, KeyFiles.besideFolder(path));
                if (aside != null) {
                    objects.put(key, new StoredObject(moved, aside.length(), aside.etag(), aside.modified(), aside.metadata()));
                }
            }
        }
        Files.createDirectories(wanted);
    }

    /** Deletes an object, if it is there. */
    void delete(String key) throws S3Exception, IOException {
        delete(key, object -> {});
    }

    synchronized void delete(String key, Condition condition) throws S3Exception, IOException {
        condition.check(objects.get(key));
        StoredObject object = objects.remove(key);
        if (object == null) {
            return;
        }
        Files.deleteIfExists(object.file());
        try {
            for (Path parent = object.file().getParent(); !parent.equals(folder); parent = parent.getParent()) {
                Files.delete(parent);
            }
        } catch (DirectoryNotEmptyException | NoSuchFileException e) {
            // others need the folder, or somebody has tidied up in it
        }
    }

    /** Deletes the folder of a bucket that is empty. */
    void deleteFolder() throws IOException {
        Files.delete(folder);
    }
}
