package verger.box.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.util.UUID;
import verger.box.s3.S3Exception.Code;

/** Answers a request: who asks, what for, and the answer or the error. */
final class Handler implements HttpHandler {

    private final SignatureV4 signatures;
    private final RequestCounts counts;
    private final Faults faults;
    private final BucketOperations buckets;
    private final ObjectOperations objects;
    private final MultipartOperations uploads;

    Handler(ObjectStore store, Credentials credentials, RequestCounts counts, Faults faults, long minPartBytes) {
        this.signatures = new SignatureV4(credentials);
        this.counts = counts;
        this.faults = faults;
        this.buckets = new BucketOperations(store);
        this.objects = new ObjectOperations(store);
        this.uploads = new MultipartOperations(store, new Uploads(store, minPartBytes));
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String id = UUID.randomUUID().toString();
        exchange.getResponseHeaders().set("x-amz-request-id", id);
        exchange.getResponseHeaders().set("Server", "verger-s3");
        try (exchange) {
            Response response;
            try {
                signatures.check(exchange);
                S3Request request = S3Request.of(exchange);
                Operation operation = Operation.of(request);
                counts.count(operation, request.key());
                Fault fault = faults.of(operation, request.key());
                if (fault == Fault.NO_ANSWER) {
                    return; // the exchange is closed
                }
                refuse(fault);
                response = answer(operation, request).with(fault);
            } catch (S3Exception e) {
                response = error(e.code(), e.getMessage(), exchange, id);
            } catch (IOException | RuntimeException e) {
                response = error(Code.InternalError, e.toString(), exchange, id);
            }
            exchange.getRequestBody().transferTo(OutputStream.nullOutputStream()); // or the connection cannot be used again
            response.send(exchange);
        }
    }

    private static void refuse(Fault fault) throws S3Exception {
        if (fault == Fault.SLOW_DOWN) {
            throw new S3Exception(Code.SlowDown, "Please reduce your request rate.");
        }
        if (fault == Fault.ARCHIVED) {
            throw new S3Exception(Code.InvalidObjectState, "The operation is not valid for the object's storage class");
        }
        if (fault == Fault.DENIED) {
            throw new S3Exception(Code.AccessDenied, "Access Denied");
        }
        if (fault == Fault.EXPIRED) {
            throw new S3Exception(Code.ExpiredToken, "The provided token has expired.");
        }
    }

    private Response answer(Operation operation, S3Request request) throws S3Exception, IOException {
        return switch (operation) {
            case LIST_BUCKETS -> buckets.listBuckets();
            case CREATE_BUCKET -> buckets.create(request);
            case DELETE_BUCKET -> buckets.delete(request);
            case HEAD_BUCKET -> buckets.head(request);
            case GET_BUCKET_LOCATION -> buckets.location(request);
            case LIST_OBJECTS -> buckets.listV1(request);
            case LIST_OBJECTS_V2 -> buckets.listV2(request);
            case DELETE_OBJECTS -> buckets.deleteObjects(request);
            case GET_OBJECT -> objects.get(request);
            case HEAD_OBJECT -> objects.head(request);
            case PUT_OBJECT -> objects.put(request);
            case COPY_OBJECT -> objects.copy(request);
            case DELETE_OBJECT -> objects.delete(request);
            case CREATE_MULTIPART_UPLOAD -> uploads.begin(request);
            case UPLOAD_PART -> uploads.part(request);
            case UPLOAD_PART_COPY -> uploads.copyPart(request);
            case LIST_PARTS -> uploads.listParts(request);
            case COMPLETE_MULTIPART_UPLOAD -> uploads.complete(request);
            case ABORT_MULTIPART_UPLOAD -> uploads.abort(request);
            case LIST_MULTIPART_UPLOADS -> uploads.list(request);
        };
    }

    private static Response error(Code code, String message, HttpExchange exchange, String id) {
        if (exchange.getRequestMethod().equals("HEAD") || code == Code.NotModified) {
            return Response.empty(code.status());
        }
        return Response.xml(code.status(), Xml.error(xml -> xml.element("Code", code).element("Message", message)
                .element("AWSAccessKeyId", code == Code.InvalidAccessKeyId || code == Code.SignatureDoesNotMatch
                        ? SignatureV4.accessKey(exchange.getRequestHeaders()) : null) // AWS says it, too
                .element("Resource", exchange.getRequestURI().getRawPath()).element("RequestId", id)));
    }
}
