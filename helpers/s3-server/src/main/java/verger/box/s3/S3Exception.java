package verger.box.s3;

/** A request that S3 refuses: {@link #code} is what clients look at, the message is for people. */
final class S3Exception extends Exception {

    private static final long serialVersionUID = 1L;

    /** The codes of the S3 API with their HTTP status. */
    enum Code {
        AccessDenied(403), BadDigest(400), BucketAlreadyOwnedByYou(409), BucketNotEmpty(409),
        ConditionalRequestConflict(409), EntityTooSmall(400),
        ExpiredToken(400), IncompleteBody(400), InternalError(500), InvalidAccessKeyId(403), InvalidArgument(400),
        InvalidBucketName(400),
        InvalidObjectState(403),
        InvalidPart(400), InvalidPartOrder(400), InvalidRange(416), KeyTooLongError(400), MalformedXML(400),
        MethodNotAllowed(405), NoSuchBucket(404), NoSuchKey(404), NoSuchUpload(404), NotImplemented(501), NotModified(304),
        PreconditionFailed(412), SignatureDoesNotMatch(403), SlowDown(503);

        private final int status;

        Code(int status) {
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    private final Code code;

    S3Exception(Code code, String message) {
        super(message);
        this.code = code;
    }

    Code code() {
        return code;
    }

    static S3Exception noSuchKey(String key) {
        return new S3Exception(Code.NoSuchKey, "The specified key does not exist: " + key);
    }
}
