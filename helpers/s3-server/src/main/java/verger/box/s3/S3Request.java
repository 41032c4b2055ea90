package verger.box.s3;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import verger.box.s3.S3Exception.Code;

/**
 * A request as S3 understands it.
 *
 * @param bucket empty where the address is the server's own
 * @param key    empty where the address is a bucket's
 * @param query  what stands behind the question mark, decoded; the value is empty where there is none
 */
record S3Request(String method, String bucket, String key, Map<String, String> query, Headers headers, InputStream body) {

    static S3Request of(HttpExchange exchange) throws S3Exception {
        try {
            String path = exchange.getRequestURI().getRawPath().substring(1);
            int slash = path.indexOf('/');
            String bucket = Percent.decode(slash < 0 ? path : path.substring(0, slash));
            String key = slash < 0 ? "" : Percent.decode(path.substring(slash + 1));
            return new S3Request(exchange.getRequestMethod(), bucket, key, query(exchange.getRequestURI().getRawQuery()),
                    exchange.getRequestHeaders(), exchange.getRequestBody());
        } catch (IllegalArgumentException e) {
            throw new S3Exception(Code.InvalidArgument, "The address cannot be decoded: " + e.getMessage());
        }
    }

    private static Map<String, String> query(String raw) {
        Map<String, String> query = new TreeMap<>();
        for (String part : raw == null ? new String[0] : raw.split("&")) {
            String[] nameAndValue = part.split("=", 2);
            if (!part.isEmpty()) {
                query.put(decodeQuery(nameAndValue[0]), nameAndValue.length == 1 ? "" : decodeQuery(nameAndValue[1]));
            }
        }
        return query;
    }

    private static String decodeQuery(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    boolean has(String parameter) {
        return query.containsKey(parameter);
    }

    String parameter(String name, String otherwise) {
        return query.getOrDefault(name, otherwise);
    }

    int number(String parameter, int otherwise) throws S3Exception {
        String value = query.get(parameter);
        try {
            return value == null || value.isEmpty() ? otherwise : Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new S3Exception(Code.InvalidArgument, parameter + " is a number: got " + value);
        }
    }

    /** Null if there is none. */
    String header(String name) {
        return headers.getFirst(name);
    }

    /** The body without the encoding that streamed uploads have. */
    InputStream content() {
        String hash = header("x-amz-content-sha256");
        return hash != null && hash.startsWith("STREAMING-") ? new AwsChunkedInputStream(body) : body;
    }

    /** Bytes of {@link #content}; -1 if the client does not say. */
    long contentLength() throws S3Exception {
        String decoded = header("x-amz-decoded-content-length");
        String length = decoded != null ? decoded : header("Content-Length");
        try {
            return length == null ? -1 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            throw new S3Exception(Code.InvalidArgument, "Not a length: " + length);
        }
    }
}
