package verger.files;

import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.s3a.S3AFileSystem;
import org.apache.hadoop.fs.store.audit.AuditSpan;

/** The objects of an S3A that has AWS's SDK 2: Hadoop 3.4, which this JAR is not compiled against. */
final class S3ObjectsOfSdk2 extends S3Objects {

    private static final int OK = 200;
    private static final String S3 = "software.amazon.awssdk.services.s3.";
    private static final String MODEL = S3 + "model.";
    private static final String CORE = "software.amazon.awssdk.core.";

    private final S3AFileSystem fs;
    private final Object client;
    private final Class<?> clientType;
    private final Object factory;
    private final Class<?> factoryType;
    private final Object putOptions;

    S3ObjectsOfSdk2(FileSystem fs) {
        this.fs = (S3AFileSystem) fs;
        Object internals = Reflected.call(fs.getClass(), fs, "getS3AInternals");
        this.client = Reflected.call(type("org.apache.hadoop.fs.s3a.S3AInternals"), internals, "getAmazonS3Client",
                "conditional requests");
        this.clientType = type(S3 + "S3Client");
        this.factory = this.fs.getRequestFactory();
        this.factoryType = type("org.apache.hadoop.fs.s3a.api.RequestFactory");
        Class<?> options = type("org.apache.hadoop.fs.s3a.impl.PutObjectOptions");
        this.putOptions = Reflected.call(options, null,
                Reflected.has(options, "keepingDirs") ? "keepingDirs" : "defaultOptions");
    }

    @Override
    int put(String key, byte[] content, Map<String, String> headers) throws IOException {
        return send("put", key, () -> {
            Object builder = Reflected.call(factoryType, factory, "newPutObjectRequestBuilder", key, putOptions,
                    (long) content.length, false);
            Object body = Reflected.call(type(CORE + "sync.RequestBody"), null, "fromBytes", content);
            Reflected.call(clientType, client, "putObject", built("PutObjectRequest", builder, headers), body);
        });
    }

    @Override
    int copy(String fromKey, String toKey) throws IOException {
        return send("copy", fromKey, () -> {
            Class<?> head = type(MODEL + "HeadObjectResponse");
            Object nothing = Reflected.call(type("software.amazon.awssdk.utils.builder.Buildable"),
                    Reflected.call(head, null, "builder"), "build");
            Object builder = Reflected.call(factoryType, factory, "newCopyObjectRequestBuilder", fromKey, toKey, nothing);
            Reflected.call(clientType, client, "copyObject", built("CopyObjectRequest", builder, Map.of()));
        });
    }

    @Override
    int delete(String key, Map<String, String> headers) throws IOException {
        return send("delete", key, () -> {
            Object builder = Reflected.call(factoryType, factory, "newDeleteObjectRequestBuilder", key);
            Reflected.call(clientType, client, "deleteObject", built("DeleteObjectRequest", builder, headers));
        });
    }

    private Object built(String request, Object builder, Map<String, String> headers) {
        Class<?> type = type(MODEL + request + "$Builder");
        if (!headers.isEmpty()) {
            Consumer<Object> setting = configuration -> headers.forEach((name, value) -> Reflected.call(
                    type(CORE + "RequestOverrideConfiguration$Builder"), configuration, "putHeader", name, value));
            Reflected.call(type, builder, "overrideConfiguration", setting);
        }
        return Reflected.call(type, builder, "build");
    }

    private int send(String what, String key, Runnable sending) throws IOException {
        try (AuditSpan span = fs.createSpan("verger_" + what, key, null)) {
            sending.run();
            return OK;
        } catch (RuntimeException e) {
            Class<?> failure = type(CORE + "exception.SdkException");
            if (!failure.isInstance(e)) {
                throw e;
            }
            Class<?> answer = type("software.amazon.awssdk.awscore.exception.AwsServiceException");
            int status = answer.isInstance(e) ? (int) Reflected.call(answer, e, "statusCode") : 0;
            if (isAnswer(status)) {
                return status;
            }
            throw (IOException) Reflected.call(type("org.apache.hadoop.fs.s3a.S3AUtils"), null, "translateException", what, key,
                    e);
        }
    }

    private Class<?> type(String name) {
        return Reflected.type(fs, name);
    }
}
