package verger.images.decoding;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Tells by its first bytes what a file is, whatever its name says. */
final class Kinds {

    static final String NOT_AN_IMAGE = "not an image: none of JPEG, PNG, GIF, BMP, TIFF, WebP";

    private static final Set<String> HEIC =
            Set.of("heic", "heix", "hevc", "hevx", "heim", "heis", "hevm", "hevs", "mif1", "msf1");
    private static final Set<String> AVIF = Set.of("avif", "avis");

    private Kinds() {
    }

    /**
     * Returns what opens a file.
     *
     * @param head its first bytes, 64 at least if there are so many
     * @throws UndecodableException if it is no picture, or one that is not read
     */
    static PictureFile.Format of(byte[] head) throws UndecodableException {
        if (begins(head, 0xFF, 0xD8, 0xFF)) {
            return JpegPicture::open;
        }
        if (begins(head, 0x89, 'P', 'N', 'G', 13, 10, 26, 10)) {
            return PngPicture::open;
        }
        if (has(head, 0, "GIF87a") || has(head, 0, "GIF89a")) {
            return GifPicture::open;
        }
        if (has(head, 0, "BM") && BmpPicture.isBmp(ByteBuffer.wrap(head))) {
            return BmpPicture::open;
        }
        if (has(head, 0, "RIFF") && has(head, 8, "WEBP")) {
            return WebpPicture::open;
        }
        if (has(head, 8, "CR") && begins(head, 'I', 'I', 42, 0)) {
            throw raw();
        }
        if (begins(head, 'I', 'I', 42, 0) || begins(head, 'M', 'M', 0, 42)) {
            return TiffPicture::open;
        }
        throw refusal(head);
    }

    private static UndecodableException refusal(byte[] head) {
        if (has(head, 4, "ftyp")) {
            return container(head);
        }
        if (begins(head, 'I', 'I', 43, 0) || begins(head, 'M', 'M', 0, 43)) {
            return UndecodableException.unsupported("a BigTIFF; save it as a common TIFF, or as JPEG");
        }
        if (has(head, 0, "FUJIFILMCCD-RAW") || begins(head, 'I', 'I', 'U', 0) || has(head, 0, "IIRO")) {
            return raw();
        }
        if (begins(head, 0xFF, 0x0A) || begins(head, 0, 0, 0, 12, 'J', 'X', 'L', ' ')) {
            return UndecodableException.unsupported("JPEG XL; save it as JPEG or PNG");
        }
        if (begins(head, 0, 0, 0, 12, 'j', 'P', ' ', ' ') || begins(head, 0xFF, 0x4F, 0xFF, 0x51)) {
            return UndecodableException.unsupported("JPEG 2000; save it as JPEG or PNG");
        }
        if (has(head, 0, "8BPS")) {
            return UndecodableException.unsupported("a file of Photoshop; save it as JPEG or PNG");
        }
        return new UndecodableException(NOT_AN_IMAGE);
    }

    private static UndecodableException raw() {
        return UndecodableException.unsupported("a raw photograph of a camera; export it as JPEG");
    }

    /** HEIC, AVIF and many videos begin alike, with a main brand and others that the file goes by. */
    private static UndecodableException container(byte[] head) {
        int end = Math.min(head.length, head.length < 4 ? 0 : Math.max(16, ByteBuffer.wrap(head).getInt()));
        boolean isHeic = false;
        for (int at = 8; at + 4 <= end; at += at == 8 ? 8 : 4) {
            String brand = new String(head, at, 4, StandardCharsets.ISO_8859_1);
            if (AVIF.contains(brand)) {
                return UndecodableException.unsupported("AVIF; save or share the picture as JPEG");
            }
            if (brand.equals("crx ")) {
                return raw();
            }
            isHeic |= HEIC.contains(brand);
        }
        return isHeic
                ? UndecodableException.unsupported("HEIC, as iPhones write it; share the picture as JPEG, and choose Settings, "
                        + "Camera, Formats, Most Compatible for those to come")
                : new UndecodableException(NOT_AN_IMAGE);
    }

    private static boolean begins(byte[] head, int... bytes) {
        if (head.length < bytes.length) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if (head[i] != (byte) bytes[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean has(byte[] head, int at, String text) {
        return head.length >= at + text.length()
                && new String(head, at, text.length(), StandardCharsets.ISO_8859_1).equals(text);
    }
}
