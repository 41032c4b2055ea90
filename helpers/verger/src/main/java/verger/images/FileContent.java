package verger.images;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import verger.images.decoding.Decoder;

/** The bytes of a file, as many as make a picture and no more. */
final class FileContent {

    /** Larger files are not read: an uncompressed photograph of 64 megapixels has 192 MB, a video any number. */
    static final long MAX_BYTES = 256_000_000;

    /** So many bytes of a file are read to see whether it is an image at all. */
    private static final int HEAD = 4096;

    private FileContent() {
    }

    /**
     * Reads to the end.
     *
     * @param length that the file had when it was listed; it may have grown or shrunk since
     * @return an {@link UnreadFile} if it is too large or no image
     */
    static byte[] of(InputStream in, long length) throws IOException {
        byte[] head = in.readNBytes(HEAD);
        if (head.length < HEAD) {
            return head;
        }
        String refusal = Decoder.refusal(head);
        if (refusal != null) {
            return UnreadFile.because(refusal);
        }
        // Into an array of the listed length, not by readAllBytes, which holds a large file twice.
        byte[] content = Arrays.copyOf(head, (int) Math.max(length, HEAD));
        int read = HEAD + in.readNBytes(content, HEAD, content.length - HEAD);
        if (read < content.length) {
            return Arrays.copyOf(content, read);
        }
        byte[] more = in.readNBytes((int) (MAX_BYTES + 1 - read)); // it has grown since
        if (read + (long) more.length > MAX_BYTES) {
            return tooLarge(read + (long) more.length);
        }
        byte[] grown = more.length == 0 ? content : Arrays.copyOf(content, read + more.length);
        System.arraycopy(more, 0, grown, read, more.length);
        return grown;
    }

    static byte[] tooLarge(long length) {
        return UnreadFile.because("too large: " + length / 1_000_000 + " MB, and files of more than "
                + MAX_BYTES / 1_000_000 + " MB are not read");
    }
}
