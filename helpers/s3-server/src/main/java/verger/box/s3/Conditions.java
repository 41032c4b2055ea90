package verger.box.s3;

import java.util.Arrays;
import verger.box.s3.S3Exception.Code;

/** The conditions on ETags under which a client wants an object read, written or copied. */
final class Conditions {

    private Conditions() {
    }

    /** {@code If-Match} and {@code If-None-Match} of a reader. */
    static void check(S3Request request, StoredObject object) throws S3Exception {
        match(request.header("If-Match"), object);
        if (matches(request.header("If-None-Match"), object)) {
            throw new S3Exception(Code.NotModified, "Not Modified");
        }
    }

    /** The same of the source of a copy. */
    static void checkSource(S3Request request, StoredObject source) throws S3Exception {
        match(request.header("x-amz-copy-source-if-match"), source);
        if (matches(request.header("x-amz-copy-source-if-none-match"), source)) {
            throw new S3Exception(Code.PreconditionFailed, "The source has that ETag");
        }
    }

    private static void match(String etags, StoredObject object) throws S3Exception {
        if (etags != null && !matches(etags, object)) {
            throw new S3Exception(Code.PreconditionFailed, "At least one of the pre-conditions you specified did not hold");
        }
    }

    private static boolean matches(String etags, StoredObject object) {
        return etags != null && Arrays.stream(etags.split(",")).map(etag -> etag.strip().replace("\"", ""))
                .anyMatch(etag -> etag.equals("*") || etag.equals(object.etag()));
    }

    /** Whether a request writes or deletes under a condition. */
    static boolean ofWriting(S3Request request) {
        return request.header("If-None-Match") != null || request.header("If-Match") != null;
    }

    /**
     * {@code If-None-Match: *} and {@code If-Match} of who writes or deletes.
     *
     * @param object what is there; null if there is none
     */
    static void checkWriting(S3Request request, StoredObject object) throws S3Exception {
        String noneMatch = request.header("If-None-Match");
        if (noneMatch != null && !noneMatch.equals("*")) {
            throw new S3Exception(Code.NotImplemented, "If-None-Match of a write is *: got " + noneMatch);
        }
        if (noneMatch != null && object != null) {
            throw new S3Exception(Code.PreconditionFailed, "At least one of the pre-conditions you specified did not hold");
        }
        if (request.header("If-Match") != null) {
            if (object == null) {
                throw S3Exception.noSuchKey(request.key());
            }
            match(request.header("If-Match"), object);
        }
    }
}
