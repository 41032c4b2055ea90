package verger.files;

import com.amazonaws.AmazonServiceException;
import com.amazonaws.AmazonWebServiceRequest;
import com.amazonaws.SdkBaseException;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.model.ObjectMetadata;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.s3a.S3AFileSystem;
import org.apache.hadoop.fs.s3a.S3AUtils;
import org.apache.hadoop.fs.s3a.api.RequestFactory;
import org.apache.hadoop.fs.store.audit.AuditSpan;

/** The objects of an S3A that has AWS's SDK 1: Hadoop 3.3. */
final class S3ObjectsOfSdk1 extends S3Objects {

    private static final int OK = 200;

    private final S3AFileSystem fs;
    private final AmazonS3 client;

    S3ObjectsOfSdk1(FileSystem fs) {
        this.fs = (S3AFileSystem) fs;
        this.client = this.fs.getAmazonS3ClientForTesting("conditional requests");
    }

    @Override
    int put(String key, byte[] content, Map<String, String> headers) throws IOException {
        return send("put", key, headers, factory -> {
            ObjectMetadata metadata = factory.newObjectMetadata(content.length);
            var request = factory.newPutObjectRequest(key, metadata, new ByteArrayInputStream(content));
            return new Sent(request, () -> client.putObject(request));
        });
    }

    @Override
    int copy(String fromKey, String toKey) throws IOException {
        return send("copy", fromKey, Map.of(), factory -> {
            var request = factory.newCopyObjectRequest(fromKey, toKey, new ObjectMetadata());
            return new Sent(request, () -> client.copyObject(request));
        });
    }

    @Override
    int delete(String key, Map<String, String> headers) throws IOException {
        return send("delete", key, headers, factory -> {
            var request = factory.newDeleteObjectRequest(key);
            return new Sent(request, () -> client.deleteObject(request));
        });
    }

    private record Sent(AmazonWebServiceRequest request, Runnable sending) {
    }

    private interface Making {

        Sent by(RequestFactory factory);
    }

    private int send(String what, String key, Map<String, String> headers, Making making) throws IOException {
        try (AuditSpan span = fs.createSpan("verger_" + what, key, null)) {
            Sent sent = making.by(fs.getRequestFactory());
            headers.forEach(sent.request()::putCustomRequestHeader);
            sent.sending().run();
            return OK;
        } catch (AmazonServiceException e) {
            if (isAnswer(e.getStatusCode())) {
                return e.getStatusCode();
            }
            throw S3AUtils.translateException(what, key, e);
        } catch (SdkBaseException e) {
            throw S3AUtils.translateException(what, key, e);
        }
    }
}
