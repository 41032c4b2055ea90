package verger.box.s3;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import verger.box.s3.ObjectStore.Received;
import verger.box.s3.S3Exception.Code;

/** Uploads in parts: what S3A's committers hold back until the job is committed. */
final class Uploads {

    private static final int MAX_PARTS = 10_000;

    private final ObjectStore store;
    private final long minPartBytes;
    private final ConcurrentMap<String, Upload> uploads = new ConcurrentHashMap<>();

    /** @param minPartBytes of every part but the last; AWS wants 5 MB */
    Uploads(ObjectStore store, long minPartBytes) {
        this.store = store;
        this.minPartBytes = minPartBytes;
    }

    record Upload(String id, String bucket, String key, Map<String, String> metadata, Instant initiated,
            NavigableMap<Integer, Received> parts) {
    }

    /** A part as the client lists it when it completes the upload. */
    record PartName(int number, String etag) {
    }

    Upload begin(String bucket, String key, Map<String, String> metadata) {
        Upload upload = new Upload(UUID.randomUUID().toString().replace("-", ""), bucket, key, metadata, Instant.now(),
                new ConcurrentSkipListMap<>());
        uploads.put(upload.id(), upload);
        return upload;
    }

    Upload get(String id, String bucket, String key) throws S3Exception {
        Upload upload = id == null ? null : uploads.get(id);
        if (upload == null || !upload.bucket().equals(bucket) || !upload.key().equals(key)) {
            throw new S3Exception(Code.NoSuchUpload, "There is no upload " + id + " of " + key
                    + ": it was never begun, completed or aborted");
        }
        return upload;
    }

    /** Those of a bucket whose key begins with the prefix, by key. */
    List<Upload> list(String bucket, String prefix) {
        return uploads.values().stream()
                .filter(upload -> upload.bucket().equals(bucket) && upload.key().startsWith(prefix))
                .sorted(Comparator.comparing(Upload::key).thenComparing(Upload::initiated)).toList();
    }

    void addPart(Upload upload, int number, Received part) throws S3Exception, IOException {
        if (number < 1 || number > MAX_PARTS) {
            Files.delete(part.file());
            throw new S3Exception(Code.InvalidArgument, "A part's number is from 1 to " + MAX_PARTS + ": " + number);
        }
        Received replaced = upload.parts().put(number, part);
        if (replaced != null) {
            Files.deleteIfExists(replaced.file());
        }
    }

    /** Makes the object of the parts that the client names. */
    StoredObject complete(Upload upload, List<PartName> names, Bucket.Condition condition) throws S3Exception, IOException {
        check(upload, names);
        if (!uploads.remove(upload.id(), upload)) {
            throw new S3Exception(Code.NoSuchUpload, "The upload " + upload.id() + " was completed or aborted");
        }
        MessageDigest md5 = Digests.md5();
        Path whole = store.newFile();
        try (FileChannel out = FileChannel.open(whole, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (PartName name : names) {
                Received part = upload.parts().get(name.number());
                md5.update(part.md5());
                append(part, out);
            }
        }
        String etag = Digests.hex(md5.digest()) + "-" + names.size();
        try {
            return store.bucket(upload.bucket()).put(upload.key(), whole, etag, upload.metadata(), condition);
        } finally {
            Files.deleteIfExists(whole);
            deleteParts(upload);
        }
    }

    private void check(Upload upload, List<PartName> names) throws S3Exception {
        if (names.isEmpty()) {
            throw new S3Exception(Code.MalformedXML, "An upload is completed with at least one part");
        }
        int before = 0;
        for (PartName name : names) {
            Received part = upload.parts().get(name.number());
            if (part == null || !part.etag().equals(name.etag())) {
                throw new S3Exception(Code.InvalidPart, "Part " + name.number() + " was not uploaded, or its ETag is another");
            }
            if (name.number() <= before) {
                throw new S3Exception(Code.InvalidPartOrder, "Parts are listed by ascending number");
            }
            if (part.length() < minPartBytes && !name.equals(names.get(names.size() - 1))) {
                throw new S3Exception(Code.EntityTooSmall, "Part " + name.number() + " of " + part.length()
                        + " bytes is below the minimum of " + minPartBytes);
            }
            before = name.number();
        }
    }

    private static void append(Received part, FileChannel out) throws IOException {
        try (FileChannel in = FileChannel.open(part.file())) {
            for (long done = 0; done < part.length();) {
                done += in.transferTo(done, part.length() - done, out);
            }
        }
    }

    void abort(Upload upload) throws IOException {
        uploads.remove(upload.id());
        deleteParts(upload);
    }

    private static void deleteParts(Upload upload) throws IOException {
        for (Received part : upload.parts().values()) {
            Files.deleteIfExists(part.file());
        }
    }
}
