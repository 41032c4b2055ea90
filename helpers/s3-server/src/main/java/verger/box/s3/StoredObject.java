package verger.box.s3;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/**
 * An object of a bucket.
 *
 * @param file     its content
 * @param etag     without quotes
 * @param modified to the second, as S3 says it
 * @param metadata headers that were put with it and come back with it: {@code content-type}, {@code x-amz-meta-*} …
 */
record StoredObject(Path file, long length, String etag, Instant modified, Map<String, String> metadata) {

    String quotedEtag() {
        return "\"" + etag + "\"";
    }
}
