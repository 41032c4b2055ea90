package verger.box.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.auth.AWSStaticCredentialsProvider;
import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.AmazonS3ClientBuilder;
import com.amazonaws.services.s3.model.AbortMultipartUploadRequest;
import com.amazonaws.services.s3.model.AmazonS3Exception;
import com.amazonaws.services.s3.model.CompleteMultipartUploadRequest;
import com.amazonaws.services.s3.model.CopyPartRequest;
import com.amazonaws.services.s3.model.DeleteObjectRequest;
import com.amazonaws.services.s3.model.DeleteObjectsRequest;
import com.amazonaws.services.s3.model.GetObjectRequest;
import com.amazonaws.services.s3.model.HeadBucketRequest;
import com.amazonaws.services.s3.model.InitiateMultipartUploadRequest;
import com.amazonaws.services.s3.model.ListMultipartUploadsRequest;
import com.amazonaws.services.s3.model.ListObjectsRequest;
import com.amazonaws.services.s3.model.ListObjectsV2Request;
import com.amazonaws.services.s3.model.ListObjectsV2Result;
import com.amazonaws.services.s3.model.ObjectListing;
import com.amazonaws.services.s3.model.ObjectMetadata;
import com.amazonaws.services.s3.model.PartETag;
import com.amazonaws.services.s3.model.PutObjectRequest;
import com.amazonaws.services.s3.model.PutObjectResult;
import com.amazonaws.services.s3.model.S3ObjectSummary;
import com.amazonaws.services.s3.model.UploadPartRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server as AWS's own client sees it. */
class S3ServerTest {

    private static final String BUCKET = "fruits";
    private static final Credentials CREDENTIALS = new Credentials("someone", "hush/+=");
    private static final int FIVE_MB = 5 << 20;

    /** What names of photographs hold, what breaks careless encoders, keys that begin other keys, and all in UTF-8 order. */
    private static final List<String> KEYS = List.of(
            " leading", "+plus + plus", ".hidden", "41%/100 %.jpg", "41%25",
            "Apple Braeburn/r_0 100.jpg", "a", "a/", "a/b", "a/b/c",
            "a//b", "a/../b", "quote\"'<>&;", "question?x=y#z", "tab\there", "~tilde",
            "Äpfel/é.jpg", "日本/りんご.jpg", "\uff5e/wide", "🍑/1.jpg")
            .stream()
            .sorted(Comparator.comparing(key -> key.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned)).toList();

    @TempDir
    Path folder;

    private S3Server server;
    private AmazonS3 client;

    @BeforeEach
    void start() throws IOException {
        server = S3Server.start(folder, 0, CREDENTIALS, List.of(BUCKET));
        client = client(CREDENTIALS);
    }

    @AfterEach
    void stop() {
        client.shutdown();
        server.close();
    }

    private AmazonS3 client(Credentials credentials) {
        return AmazonS3ClientBuilder.standard()
                .withCredentials(new AWSStaticCredentialsProvider(
                        new BasicAWSCredentials(credentials.accessKey(), credentials.secretKey())))
                .withEndpointConfiguration(new EndpointConfiguration(server.endpoint(), "eu-central-1"))
                .withPathStyleAccessEnabled(true).build();
    }

    @Test
    void objectsComeBackAsTheyWerePut() throws IOException {
        for (String key : KEYS) {
            ObjectMetadata metadata = new ObjectMetadata();
            metadata.setContentType("image/jpeg");
            metadata.addUserMetadata("origin", "orchard");
            metadata.setContentLength(key.length());
            client.putObject(BUCKET, key, new ByteArrayInputStream(bytes("x".repeat(key.length()))), metadata);
        }

        for (String key : KEYS) {
            assertThat(client.getObjectAsString(BUCKET, key)).isEqualTo("x".repeat(key.length()));
            ObjectMetadata metadata = client.getObjectMetadata(BUCKET, key);
            assertThat(metadata.getContentLength()).isEqualTo(key.length());
            assertThat(metadata.getContentType()).isEqualTo("image/jpeg");
            assertThat(metadata.getUserMetaDataOf("origin")).isEqualTo("orchard");
        }
        assertThat(folder.resolve(BUCKET).resolve("Apple Braeburn/r_0 100.jpg")).hasContent("x".repeat(26));
    }

    @Test
    void listsInOrderPageByPage() {
        putAll(KEYS);

        List<String> second = new ArrayList<>();
        ListObjectsV2Request request = new ListObjectsV2Request().withBucketName(BUCKET).withMaxKeys(3);
        ListObjectsV2Result page;
        do {
            page = client.listObjectsV2(request);
            page.getObjectSummaries().forEach(object -> second.add(object.getKey()));
            request.setContinuationToken(page.getNextContinuationToken());
        } while (page.isTruncated());
        List<String> first = new ArrayList<>();
        ObjectListing listing = client.listObjects(new ListObjectsRequest().withBucketName(BUCKET).withMaxKeys(3));
        while (true) {
            listing.getObjectSummaries().forEach(object -> first.add(object.getKey()));
            if (!listing.isTruncated()) {
                break;
            }
            listing = client.listNextBatchOfObjects(listing);
        }

        assertThat(second).isEqualTo(KEYS);
        assertThat(first).isEqualTo(KEYS);
        assertThat(server.requests().of(Operation.LIST_OBJECTS_V2)).isEqualTo((KEYS.size() + 2) / 3);
        assertThat(server.requests().of(Operation.LIST_OBJECTS)).isEqualTo((KEYS.size() + 2) / 3);
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "1000"})
    void aDelimiterMakesFolders(int pageSize) {
        putAll(List.of("a/1", "a/2", "a/b/3", "a-", "b", "c/d/4"));

        assertThat(listed("", pageSize)).containsExactly("a-", "a/", "b", "c/");
        assertThat(listed("a/", pageSize)).containsExactly("a/1", "a/2", "a/b/");
        assertThat(listed("nothing", pageSize)).isEmpty();
    }

    private List<String> listed(String prefix, int pageSize) {
        List<String> names = new ArrayList<>();
        ListObjectsV2Request request =
                new ListObjectsV2Request().withBucketName(BUCKET).withPrefix(prefix).withDelimiter("/").withMaxKeys(pageSize);
        ListObjectsV2Result page;
        do {
            page = client.listObjectsV2(request);
            page.getObjectSummaries().stream().map(S3ObjectSummary::getKey).forEach(names::add);
            names.addAll(page.getCommonPrefixes());
            request.setContinuationToken(page.getNextContinuationToken());
        } while (page.isTruncated());
        names.sort(null);
        return names;
    }

    @Test
    void readsAStretch() throws IOException {
        client.putObject(BUCKET, "ten", "0123456789");

        assertThat(stretch(new GetObjectRequest(BUCKET, "ten").withRange(2, 4))).isEqualTo("234");
        assertThat(stretch(new GetObjectRequest(BUCKET, "ten").withRange(8))).isEqualTo("89");
        assertThat(stretch(new GetObjectRequest(BUCKET, "ten").withRange(8, 99))).isEqualTo("89");
        assertThatIsRefused("InvalidRange", 416, () -> client.getObject(new GetObjectRequest(BUCKET, "ten").withRange(10)));
    }

    private String stretch(GetObjectRequest request) throws IOException {
        try (var object = client.getObject(request)) {
            return new String(object.getObjectContent().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void readsOnlyTheVersionThatIsMeant() {
        String etag = client.putObject(BUCKET, "a", "old").getETag();
        assertThat(client.getObject(new GetObjectRequest(BUCKET, "a").withMatchingETagConstraint(etag))).isNotNull();

        client.putObject(BUCKET, "a", "new");

        assertThat(client.getObject(new GetObjectRequest(BUCKET, "a").withMatchingETagConstraint(etag))).isNull();
    }

    @Test
    void writesAndDeletesUnderAConditionOnly() {
        PutObjectRequest fresh = put("a", "1");
        fresh.putCustomRequestHeader("If-None-Match", "*");
        String first = client.putObject(fresh).getETag();
        PutObjectRequest again = put("a", "2");
        again.putCustomRequestHeader("If-None-Match", "*");
        assertThatIsRefused("PreconditionFailed", 412, () -> client.putObject(again));
        PutObjectRequest stale = put("a", "2");
        stale.putCustomRequestHeader("If-Match", "\"" + "0".repeat(32) + "\"");
        assertThatIsRefused("PreconditionFailed", 412, () -> client.putObject(stale));
        PutObjectRequest absent = put("b", "2");
        absent.putCustomRequestHeader("If-Match", "\"" + first + "\"");
        assertThatIsRefused("NoSuchKey", 404, () -> client.putObject(absent));
        PutObjectRequest next = put("a", "2");
        next.putCustomRequestHeader("If-Match", "\"" + first + "\"");
        String second = client.putObject(next).getETag();
        DeleteObjectRequest late = new DeleteObjectRequest(BUCKET, "a");
        late.putCustomRequestHeader("If-Match", "\"" + first + "\"");
        assertThatIsRefused("PreconditionFailed", 412, () -> client.deleteObject(late));
        assertThat(client.getObjectAsString(BUCKET, "a")).isEqualTo("2");
        DeleteObjectRequest meant = new DeleteObjectRequest(BUCKET, "a");
        meant.putCustomRequestHeader("If-Match", "\"" + second + "\"");
        client.deleteObject(meant);
        assertThat(client.doesObjectExist(BUCKET, "a")).isFalse();
    }

    @Test
    void twoConditionalWritesOnTheirWayAreAConflict() throws Exception {
        PipedOutputStream slow = new PipedOutputStream();
        ObjectMetadata length = new ObjectMetadata();
        length.setContentLength(2);
        PutObjectRequest first = new PutObjectRequest(BUCKET, "a", new PipedInputStream(slow), length);
        first.putCustomRequestHeader("If-None-Match", "*");
        CompletableFuture<PutObjectResult> putting = CompletableFuture.supplyAsync(() -> client.putObject(first));
        slow.write('1');
        slow.flush();
        AmazonS3Exception refused = null;
        while (refused == null) { // until the first one has arrived
            PutObjectRequest second = put("a", "2");
            second.putCustomRequestHeader("If-None-Match", "*");
            try {
                client.putObject(second);
                client.deleteObject(BUCKET, "a");
            } catch (AmazonS3Exception e) {
                refused = e;
            }
        }
        assertThat(refused.getErrorCode() + " " + refused.getStatusCode()).isEqualTo("ConditionalRequestConflict 409");
        slow.write('2');
        slow.close();
        putting.get();
        assertThat(client.getObjectAsString(BUCKET, "a")).isEqualTo("12");
    }

    private static PutObjectRequest put(String key, String content) {
        ObjectMetadata length = new ObjectMetadata();
        length.setContentLength(content.length());
        return new PutObjectRequest(BUCKET, key, new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)), length);
    }

    @Test
    void copiesAndDeletes() {
        putAll(KEYS);
        for (String key : KEYS) {
            client.copyObject(BUCKET, key, BUCKET, "copy/" + key);
            assertThat(client.getObjectAsString(BUCKET, "copy/" + key)).isEqualTo(key);
        }

        client.deleteObjects(new DeleteObjectsRequest(BUCKET).withKeys(KEYS.toArray(new String[0])));
        client.deleteObject(BUCKET, "never was");

        assertThat(client.listObjectsV2(BUCKET).getObjectSummaries()).extracting(S3ObjectSummary::getKey)
                .isEqualTo(KEYS.stream().map(key -> "copy/" + key).toList());
    }

    @Test
    void anUploadInPartsAppearsWhenItIsComplete() throws IOException {
        byte[] content = new byte[FIVE_MB + 7];
        new Random(1).nextBytes(content);
        client.putObject(BUCKET, "source é", new ByteArrayInputStream(content), new ObjectMetadata());
        String id = begin("whole é");
        PartETag second = client.uploadPart(part("whole é", id, 2, bytes("tail"))).getPartETag();
        PartETag first = new PartETag(1, client.copyPart(new CopyPartRequest().withUploadId(id).withPartNumber(1)
                .withSourceBucketName(BUCKET).withSourceKey("source é").withDestinationBucketName(BUCKET)
                .withDestinationKey("whole é").withFirstByte(0L).withLastByte((long) FIVE_MB - 1)).getETag());
        assertThat(client.doesObjectExist(BUCKET, "whole é")).isFalse();
        assertThat(client.listMultipartUploads(new ListMultipartUploadsRequest(BUCKET)).getMultipartUploads()).hasSize(1);

        complete("whole é", id, first, second);

        byte[] whole = client.getObject(BUCKET, "whole é").getObjectContent().readAllBytes();
        assertThat(whole).hasSize(FIVE_MB + 4).startsWith(Arrays.copyOf(content, FIVE_MB)).endsWith(bytes("tail"));
        assertThat(client.getObjectMetadata(BUCKET, "whole é").getETag()).endsWith("-2");
        assertThat(folder.resolve(".incoming")).isEmptyDirectory();
    }

    @Test
    void anAbortedUploadLeavesNothing() {
        String id = begin("never");
        PartETag part = client.uploadPart(part("never", id, 1, bytes("part"))).getPartETag();

        client.abortMultipartUpload(new AbortMultipartUploadRequest(BUCKET, "never", id));

        assertThat(folder.resolve(".incoming")).isEmptyDirectory();
        assertThatIsRefused("NoSuchUpload", 404, () -> complete("never", id, part));
        assertThatIsRefused("NoSuchUpload", 404,
                () -> client.abortMultipartUpload(new AbortMultipartUploadRequest(BUCKET, "never", id)));
    }

    @Test
    void anUploadOfTheWrongPartsIsRefused() {
        String id = begin("wrong");
        PartETag one = client.uploadPart(part("wrong", id, 1, bytes("part"))).getPartETag();
        PartETag two = client.uploadPart(part("wrong", id, 2, bytes("part"))).getPartETag();

        assertThatIsRefused("EntityTooSmall", 400, () -> complete("wrong", id, one, two));
        assertThatIsRefused("InvalidPart", 400, () -> complete("wrong", id, new PartETag(1, "another")));
        assertThatIsRefused("InvalidPart", 400, () -> complete("wrong", id, new PartETag(3, one.getETag())));
    }

    private String begin(String key) {
        return client.initiateMultipartUpload(new InitiateMultipartUploadRequest(BUCKET, key)).getUploadId();
    }

    private static UploadPartRequest part(String key, String id, int number, byte[] content) {
        return new UploadPartRequest().withBucketName(BUCKET).withKey(key).withUploadId(id).withPartNumber(number)
                .withInputStream(new ByteArrayInputStream(content)).withPartSize(content.length);
    }

    private void complete(String key, String id, PartETag... parts) {
        client.completeMultipartUpload(new CompleteMultipartUploadRequest(BUCKET, key, id, Arrays.asList(parts)));
    }

    @Test
    void whatIsNotThereHasACode() {
        assertThatIsRefused("NoSuchKey", 404, () -> client.getObject(BUCKET, "nothing"));
        assertThatIsRefused("NoSuchBucket", 404, () -> client.listObjectsV2("nobodys"));
        assertThatIsRefused("NoSuchBucket", 404, () -> client.putObject("nobodys", "a", "a"));
        assertThatIsRefused("NotImplemented", 501, () -> client.getBucketPolicy(BUCKET));
        assertThatIsRefused("404 Not Found", 404, () -> client.headBucket(new HeadBucketRequest("nobodys")));
    }

    @Test
    void onlyWhoHasTheKeysIsLetIn() {
        client.putObject(BUCKET, "a", "a");

        assertThatIsRefused("InvalidAccessKeyId", 403,
                () -> client(new Credentials("someone-else", CREDENTIALS.secretKey())).getObject(BUCKET, "a"));
        assertThatIsRefused("SignatureDoesNotMatch", 403,
                () -> client(new Credentials(CREDENTIALS.accessKey(), "wrong")).getObject(BUCKET, "a"));
    }

    @Test
    void aRestartKeepsObjectsAndBuckets() throws IOException {
        putAll(KEYS);
        client.createBucket("another");
        Files.writeString(folder.resolve(BUCKET).resolve("put here by hand.txt"), "by hand");

        stop();
        start();

        assertThat(client.listBuckets()).extracting("name").containsExactly("another", BUCKET);
        for (String key : KEYS) {
            assertThat(client.getObjectAsString(BUCKET, key)).isEqualTo(key);
        }
        assertThat(client.getObjectAsString(BUCKET, "put here by hand.txt")).isEqualTo("by hand");
        assertThatIsRefused("BucketNotEmpty", 409, () -> client.deleteBucket(BUCKET));
        client.deleteBucket("another");
        assertThat(folder.resolve("another")).doesNotExist();
    }

    @Test
    void largeBodiesStreamInSignedChunks() throws IOException {
        byte[] content = new byte[3 << 20];
        new Random(2).nextBytes(content);
        ObjectMetadata metadata = new ObjectMetadata();
        metadata.setContentLength(content.length);

        client.putObject(new PutObjectRequest(BUCKET, "large", new ByteArrayInputStream(content), metadata));

        assertThat(client.getObject(BUCKET, "large").getObjectContent().readAllBytes()).isEqualTo(content);
    }

    private void putAll(List<String> keys) {
        keys.forEach(key -> client.putObject(BUCKET, key, key));
    }

    private static void assertThatIsRefused(String code, int status, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(AmazonS3Exception.class, e -> {
            assertThat(e.getErrorCode()).isEqualTo(code);
            assertThat(e.getStatusCode()).isEqualTo(status);
        });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
