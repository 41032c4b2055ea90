package verger.box.s3;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import javax.xml.stream.XMLStreamException;
import org.w3c.dom.Element;
import verger.box.s3.S3Exception.Code;

/** What is asked of buckets: their names, their keys, and the deletion of many objects at once. */
final class BucketOperations {

    private static final int MAX_KEYS = 1000;

    private final ObjectStore store;

    BucketOperations(ObjectStore store) {
        this.store = store;
    }

    Response listBuckets() {
        return Response.xml(200, Xml.document("ListAllMyBucketsResult", xml -> xml
                .element("Owner", owner -> owner.element("ID", "verger"))
                .element("Buckets", buckets -> {
                    for (String name : store.names()) {
                        buckets.element("Bucket",
                                bucket -> bucket.element("Name", name).element("CreationDate", Instant.EPOCH));
                    }
                })));
    }

    Response create(S3Request request) throws S3Exception, IOException {
        store.create(request.bucket());
        return Response.empty(200).header("Location", "/" + request.bucket());
    }

    Response delete(S3Request request) throws S3Exception, IOException {
        store.delete(request.bucket());
        return Response.empty(204);
    }

    Response head(S3Request request) throws S3Exception {
        store.bucket(request.bucket());
        return Response.empty(200).header("x-amz-bucket-region", S3Server.REGION);
    }

    /** An empty location means us-east-1. */
    Response location(S3Request request) throws S3Exception {
        store.bucket(request.bucket());
        return Response.xml(200, Xml.document("LocationConstraint", xml -> {}));
    }

    Response listV2(S3Request request) throws S3Exception {
        String token = request.parameter("continuation-token", null);
        String after = token == null ? request.parameter("start-after", null) : decoded(token);
        Listing page = page(request, after);
        return Response.xml(200, Xml.document("ListBucketResult", xml -> {
            beginning(request, xml).element("KeyCount", page.objects().size() + page.prefixes().size())
                    .element("ContinuationToken", token)
                    .element("NextContinuationToken", page.truncated() ? encoded(page.last()) : null)
                    .element("StartAfter", request.parameter("start-after", null));
            write(page, request, xml);
        }));
    }

    Response listV1(S3Request request) throws S3Exception {
        Listing page = page(request, request.parameter("marker", null));
        UnaryOperator<String> encoding = encoding(request);
        return Response.xml(200, Xml.document("ListBucketResult", xml -> {
            beginning(request, xml).element("Marker", encoding.apply(request.parameter("marker", "")))
                    .element("NextMarker", page.truncated() ? encoding.apply(page.last()) : null);
            write(page, request, xml);
        }));
    }

    private Listing page(S3Request request, String after) throws S3Exception {
        int max = request.number("max-keys", MAX_KEYS);
        if (max < 0) {
            throw new S3Exception(Code.InvalidArgument, "max-keys is not negative: got " + max);
        }
        String delimiter = request.parameter("delimiter", "");
        return Listing.of(store.bucket(request.bucket()), request.parameter("prefix", ""),
                delimiter.isEmpty() ? null : delimiter,
                after == null || after.isEmpty() ? null : after, Math.min(max, MAX_KEYS));
    }

    private static Xml beginning(S3Request request, Xml xml) throws XMLStreamException {
        UnaryOperator<String> encoding = encoding(request);
        return xml.element("Name", request.bucket()).element("Prefix", encoding.apply(request.parameter("prefix", "")))
                .element("Delimiter", request.has("delimiter") ? encoding.apply(request.parameter("delimiter", "")) : null)
                .element("MaxKeys", request.parameter("max-keys", "" + MAX_KEYS))
                .element("EncodingType", request.parameter("encoding-type", null));
    }

    private static void write(Listing page, S3Request request, Xml xml) throws XMLStreamException {
        UnaryOperator<String> encoding = encoding(request);
        xml.element("IsTruncated", page.truncated());
        for (Map.Entry<String, StoredObject> entry : page.objects()) {
            StoredObject object = entry.getValue();
            xml.element("Contents", contents -> contents.element("Key", encoding.apply(entry.getKey()))
                    .element("LastModified", iso(object.modified())).element("ETag", object.quotedEtag())
                    .element("Size", object.length()).element("StorageClass", "STANDARD"));
        }
        for (String prefix : page.prefixes()) {
            xml.element("CommonPrefixes", common -> common.element("Prefix", encoding.apply(prefix)));
        }
    }

    /** Keys may hold characters that XML cannot, so clients ask for them in URL encoding. */
    private static UnaryOperator<String> encoding(S3Request request) {
        return request.parameter("encoding-type", "").equals("url") ? Percent::encodePath : UnaryOperator.identity();
    }

    private static String encoded(String token) {
        return Base64.getUrlEncoder().encodeToString(token.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String token) throws S3Exception {
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new S3Exception(Code.InvalidArgument, "The continuation token provided is incorrect");
        }
    }

    /** The form of S3's times in XML. */
    static String iso(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString().replace("Z", ".000Z");
    }

    Response deleteObjects(S3Request request) throws S3Exception, IOException {
        Bucket bucket = store.bucket(request.bucket());
        List<Element> objects = Xml.read(request.content(), "Object");
        if (objects.isEmpty() || objects.size() > MAX_KEYS) {
            throw new S3Exception(Code.MalformedXML,
                    "1 to " + MAX_KEYS + " objects are deleted at once: got " + objects.size());
        }
        List<String> keys = new ArrayList<>();
        for (Element object : objects) {
            keys.add(Xml.text(object, "Key"));
        }
        for (String key : keys) {
            bucket.delete(key);
        }
        return Response.xml(200, Xml.document("DeleteResult", xml -> {
            for (String key : keys) {
                xml.element("Deleted", deleted -> deleted.element("Key", key));
            }
        }));
    }
}
