package verger.box.s3;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import verger.box.s3.S3Exception.Code;

/**
 * Checks who asks: AWS's Signature Version 4 in the Authorization header, as in "Authenticating Requests" of the S3 API
 * Reference. What the body holds, signed chunks included, is not compared with its signed digest.
 */
final class SignatureV4 {

    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final Pattern AUTHORIZATION = Pattern.compile(ALGORITHM
            + " Credential=([^/]+)/(\\d{8})/([^/]+)/([^/]+)/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]+)");

    private final Credentials credentials;

    SignatureV4(Credentials credentials) {
        this.credentials = credentials;
    }

    /** The access key that a request names; null if there is none. */
    static String accessKey(Headers headers) {
        Matcher parts = authorization(headers);
        return parts.matches() ? parts.group(1) : null;
    }

    private static Matcher authorization(Headers headers) {
        String authorization = headers.getFirst("Authorization");
        return AUTHORIZATION.matcher(authorization == null ? "" : authorization.strip());
    }

    /** @throws S3Exception if nobody signed, or somebody else */
    void check(HttpExchange request) throws S3Exception {
        Headers headers = request.getRequestHeaders();
        Matcher parts = authorization(headers);
        if (!parts.matches()) {
            throw new S3Exception(Code.AccessDenied, "Access Denied: the request carries no Signature Version 4");
        }
        if (!parts.group(1).equals(credentials.accessKey())) {
            throw new S3Exception(Code.InvalidAccessKeyId, "The AWS Access Key Id you provided does not exist in our records.");
        }
        String day = parts.group(2);
        String region = parts.group(3);
        String service = parts.group(4);
        String scope = day + "/" + region + "/" + service + "/aws4_request";
        String toSign = String.join("\n", ALGORITHM, value(headers, "x-amz-date"), scope,
                Digests.sha256(canonical(request, parts.group(5))));
        byte[] key = ("AWS4" + credentials.secretKey()).getBytes(StandardCharsets.UTF_8);
        for (String part : List.of(day, region, service, "aws4_request")) {
            key = Digests.hmacSha256(key, part);
        }
        byte[] expected = Digests.hex(Digests.hmacSha256(key, toSign)).getBytes(StandardCharsets.US_ASCII);
        if (!MessageDigest.isEqual(expected, parts.group(6).getBytes(StandardCharsets.US_ASCII))) {
            throw new S3Exception(Code.SignatureDoesNotMatch,
                    "The request signature we calculated does not match the signature you provided. Check your key and signing method.");
        }
    }

    private static String canonical(HttpExchange request, String signedHeaders) {
        StringBuilder headers = new StringBuilder();
        for (String name : signedHeaders.split(";")) {
            headers.append(name).append(':').append(value(request.getRequestHeaders(), name)).append('\n');
        }
        return String.join("\n", request.getRequestMethod(),
                Percent.encodePath(Percent.decode(request.getRequestURI().getRawPath())),
                canonicalQuery(request.getRequestURI().getRawQuery()), headers, signedHeaders,
                value(request.getRequestHeaders(), "x-amz-content-sha256"));
    }

    private static String canonicalQuery(String raw) {
        List<String> parts = new ArrayList<>();
        for (String part : raw == null ? new String[0] : raw.split("&")) {
            String[] nameAndValue = part.split("=", 2);
            if (!part.isEmpty()) {
                parts.add(recoded(nameAndValue[0]) + "=" + (nameAndValue.length == 1 ? "" : recoded(nameAndValue[1])));
            }
        }
        parts.sort(null);
        return String.join("&", parts);
    }

    private static String recoded(String text) {
        return Percent.encode(URLDecoder.decode(text, StandardCharsets.UTF_8));
    }

    private static String value(Headers headers, String name) {
        List<String> values = headers.getOrDefault(name, List.of());
        return String.join(",", values.stream().map(value -> value.strip().replaceAll(" +", " ")).toList());
    }
}
