package verger.box.s3;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import verger.box.s3.Bucket.Opened;
import verger.box.s3.ObjectStore.Received;
import verger.box.s3.S3Exception.Code;

/** What is asked of single objects. */
final class ObjectOperations {

    private final ObjectStore store;

    ObjectOperations(ObjectStore store) {
        this.store = store;
    }

    Response get(S3Request request) throws S3Exception, IOException {
        Opened opened = store.bucket(request.bucket()).open(request.key());
        try {
            Conditions.check(request, opened.object());
            long size = opened.object().length();
            ByteRange range = ByteRange.of(request.header("Range"), size);
            Response response = range == null
                    ? Response.content(200, opened.content(), 0, size)
                    : Response.content(206, opened.content(), range.start(), range.length())
                            .header("Content-Range", range.contentRange(size));
            return described(response, opened.object());
        } catch (S3Exception e) {
            opened.close();
            throw e;
        }
    }

    Response head(S3Request request) throws S3Exception {
        StoredObject object = store.bucket(request.bucket()).get(request.key());
        Conditions.check(request, object);
        ByteRange range = ByteRange.of(request.header("Range"), object.length());
        Response response = range == null ? Response.head(200, object.length())
                : Response.head(206, range.length()).header("Content-Range", range.contentRange(object.length()));
        return described(response, object);
    }

    private static Response described(Response response, StoredObject object) {
        response.header("ETag", object.quotedEtag()).header("Accept-Ranges", "bytes").header("Last-Modified",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(object.modified().atZone(ZoneOffset.UTC)).replace("Z", "GMT"))
                .header("Content-Type", "binary/octet-stream");
        object.metadata().forEach(response::header);
        return response;
    }

    Response put(S3Request request) throws S3Exception, IOException {
        Bucket bucket = store.bucket(request.bucket());
        if (!Conditions.ofWriting(request)) {
            return put(bucket, request);
        }
        bucket.beginConditional(request.key());
        try {
            return put(bucket, request);
        } finally {
            bucket.endConditional(request.key());
        }
    }

    private Response put(Bucket bucket, S3Request request) throws S3Exception, IOException {
        Received content = receive(store, request);
        try {
            StoredObject object = bucket.put(request.key(), content.file(), content.etag(), metadata(request),
                    there -> Conditions.checkWriting(request, there));
            return Response.empty(200).header("ETag", object.quotedEtag());
        } finally {
            Files.deleteIfExists(content.file());
        }
    }

    /** The body, if all of it came, and as it was sent. */
    static Received receive(ObjectStore store, S3Request request) throws S3Exception, IOException {
        long expected = request.contentLength();
        String md5 = request.header("Content-MD5");
        Received content = store.receive(request.content());
        if (expected >= 0 && content.length() != expected) {
            Files.delete(content.file());
            throw new S3Exception(Code.IncompleteBody, content.length() + " of " + expected + " bytes came");
        }
        if (md5 != null && !Arrays.equals(Base64.getDecoder().decode(md5), content.md5())) {
            Files.delete(content.file());
            throw new S3Exception(Code.BadDigest, "The Content-MD5 you specified did not match what we received.");
        }
        return content;
    }

    /** Headers that come back with the object. */
    static Map<String, String> metadata(S3Request request) {
        Map<String, String> metadata = new TreeMap<>();
        request.headers().forEach((name, values) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith("x-amz-meta-") || lower.matches("content-(type|language|disposition)|cache-control|expires")) {
                metadata.put(lower, String.join(",", values));
            } else if (lower.equals("content-encoding")) {
                String encoding = String.join(",", values).replaceAll("aws-chunked\\s*,?\\s*", "");
                if (!encoding.isEmpty()) {
                    metadata.put(lower, encoding);
                }
            }
        });
        return metadata;
    }

    Response copy(S3Request request) throws S3Exception, IOException {
        Bucket bucket = store.bucket(request.bucket());
        Opened source = source(store, request);
        Received content;
        try (source) {
            content = store.receive(Channels.newInputStream(source.content()));
        }
        boolean replaced = "REPLACE".equalsIgnoreCase(request.header("x-amz-metadata-directive"));
        StoredObject object;
        try {
            object = bucket.put(request.key(), content.file(), content.etag(),
                    replaced ? metadata(request) : source.object().metadata(),
                    there -> Conditions.checkWriting(request, there));
        } finally {
            Files.deleteIfExists(content.file());
        }
        return copied(object);
    }

    private static Response copied(StoredObject object) {
        return Response.xml(200, Xml.document("CopyObjectResult", xml -> xml
                .element("LastModified", BucketOperations.iso(object.modified())).element("ETag", object.quotedEtag())));
    }

    /** What a copy is to be made of. */
    static Opened source(ObjectStore store, S3Request request) throws S3Exception, IOException {
        String header = request.header("x-amz-copy-source");
        String path = Percent.decode(header.replaceFirst("\\?versionId=.*$", ""));
        String[] bucketAndKey = (path.startsWith("/") ? path.substring(1) : path).split("/", 2);
        if (bucketAndKey.length < 2) {
            throw new S3Exception(Code.InvalidArgument, "Copy Source must mention the source bucket and key: got " + header);
        }
        Opened source = store.bucket(bucketAndKey[0]).open(bucketAndKey[1]);
        try {
            Conditions.checkSource(request, source.object());
        } catch (S3Exception e) {
            source.close();
            throw e;
        }
        return source;
    }

    /** S3 says the same whether there was an object or not. */
    Response delete(S3Request request) throws S3Exception, IOException {
        store.bucket(request.bucket()).delete(request.key(), there -> Conditions.checkWriting(request, there));
        return Response.empty(204);
    }
}
