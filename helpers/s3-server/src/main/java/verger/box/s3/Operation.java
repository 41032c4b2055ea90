package verger.box.s3;

import verger.box.s3.S3Exception.Code;

/** What a request asks for, by the names of the S3 API. */
public enum Operation {
    LIST_BUCKETS, CREATE_BUCKET, DELETE_BUCKET, HEAD_BUCKET, GET_BUCKET_LOCATION,
    LIST_OBJECTS, LIST_OBJECTS_V2, LIST_MULTIPART_UPLOADS,
    GET_OBJECT, HEAD_OBJECT, PUT_OBJECT, COPY_OBJECT, DELETE_OBJECT, DELETE_OBJECTS,
    CREATE_MULTIPART_UPLOAD, UPLOAD_PART, UPLOAD_PART_COPY, LIST_PARTS, COMPLETE_MULTIPART_UPLOAD, ABORT_MULTIPART_UPLOAD;

    /** Sub-resources of buckets and objects that are other operations than those above. */
    private static final String OTHERS = "(accelerate|acl|analytics|attributes|cors|encryption|intelligent-tiering|inventory"
            + "|legal-hold|lifecycle|logging|metrics|notification|object-lock|ownershipControls|policy|policyStatus"
            + "|publicAccessBlock|replication|requestPayment|restore|retention|select|tagging"
            + "|torrent|versioning|versions|website)";

    static Operation of(S3Request request) throws S3Exception {
        for (String parameter : request.query().keySet()) {
            if (parameter.matches(OTHERS)) {
                throw new S3Exception(Code.NotImplemented, "This server has no ?" + parameter);
            }
        }
        Operation operation = request.bucket().isEmpty() ? ofServer(request)
                : request.key().isEmpty() ? ofBucket(request) : ofObject(request);
        if (operation == null) {
            throw new S3Exception(Code.MethodNotAllowed, request.method() + " is not allowed here");
        }
        return operation;
    }

    private static Operation ofServer(S3Request request) {
        return request.method().equals("GET") ? LIST_BUCKETS : null;
    }

    private static Operation ofBucket(S3Request request) {
        return switch (request.method()) {
            case "GET" -> request.has("location") ? GET_BUCKET_LOCATION : request.has("uploads") ? LIST_MULTIPART_UPLOADS
                    : request.parameter("list-type", "").equals("2") ? LIST_OBJECTS_V2 : LIST_OBJECTS;
            case "HEAD" -> HEAD_BUCKET;
            case "PUT" -> CREATE_BUCKET;
            case "DELETE" -> DELETE_BUCKET;
            case "POST" -> request.has("delete") ? DELETE_OBJECTS : null;
            default -> null;
        };
    }

    private static Operation ofObject(S3Request request) {
        boolean ofUpload = request.has("uploadId");
        boolean copies = request.header("x-amz-copy-source") != null;
        return switch (request.method()) {
            case "GET" -> ofUpload ? LIST_PARTS : GET_OBJECT;
            case "HEAD" -> HEAD_OBJECT;
            case "PUT" -> ofUpload ? copies ? UPLOAD_PART_COPY : UPLOAD_PART : copies ? COPY_OBJECT : PUT_OBJECT;
            case "DELETE" -> ofUpload ? ABORT_MULTIPART_UPLOAD : DELETE_OBJECT;
            case "POST" -> ofUpload ? COMPLETE_MULTIPART_UPLOAD : request.has("uploads") ? CREATE_MULTIPART_UPLOAD : null;
            default -> null;
        };
    }
}
