package verger.box.s3;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import verger.box.s3.S3Exception.Code;

/** A stretch of an object. */
record ByteRange(long start, long length) {

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d*)-(\\d*)");

    /**
     * Reads a Range header; null for none, and for what S3 gives the whole object for (several ranges, other units).
     *
     * @throws S3Exception if it begins behind the end of the object
     */
    static ByteRange of(String header, long size) throws S3Exception {
        Matcher range = header == null ? null : RANGE.matcher(header.strip());
        if (range == null || !range.matches() || range.group(1).isEmpty() && range.group(2).isEmpty()) {
            return null;
        }
        try {
            return of(range.group(1), range.group(2), size);
        } catch (NumberFormatException e) {
            throw new S3Exception(Code.InvalidArgument, "Not a range: " + header);
        }
    }

    private static ByteRange of(String first, String last, long size) throws S3Exception {
        long start = first.isEmpty() ? Math.max(0, size - Long.parseLong(last)) : Long.parseLong(first);
        long end = first.isEmpty() || last.isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(last));
        if (!first.isEmpty() && !last.isEmpty() && Long.parseLong(last) < start) {
            return null;
        }
        if (start >= size) {
            throw new S3Exception(Code.InvalidRange,
                    "The requested range is not satisfiable: the object has " + size + " bytes");
        }
        return new ByteRange(start, end - start + 1);
    }

    String contentRange(long size) {
        return "bytes " + start + "-" + (start + length - 1) + "/" + size;
    }
}
