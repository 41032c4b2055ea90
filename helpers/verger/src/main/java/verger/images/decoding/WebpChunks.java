package verger.images.decoding;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The chunks of a WebP (RFC 9649): its canvas, its first frame, and metadata, which its reader does not get. */
final class WebpChunks {

    private static final int HEADER = 12;
    private static final int CHUNK = 8;
    private static final int EXTENDED = 10;
    private static final int ALPHA_FLAG = 0x10;
    /** Readers look ahead; behind that a cut picture must not be made of zeros. */
    private static final int LOOK_AHEAD = 64;

    /** Where the content of a chunk lies. */
    private record Part(String name, int from, int to) {
    }

    private final byte[] file;
    private final ByteBuffer in;
    private int canvasWidth;
    private int canvasHeight;
    private Frame frame;
    private Part pixels;
    private Part alpha;
    private Part profile;
    private Part exif;
    private boolean cut;

    WebpChunks(byte[] file) throws UndecodableException {
        this.file = file;
        this.in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        read(HEADER, file.length);
        if (pixels == null) {
            throw cut || file.length < HEADER + CHUNK ? UndecodableException.truncated()
                    : UndecodableException.broken("a WebP without pixels");
        }
        int[] size = isLossless() ? losslessSize() : lossySize();
        if (canvasWidth == 0) {
            canvasWidth = size[0];
            canvasHeight = size[1];
        }
        if (frame == null) {
            frame = new Frame(0, 0, canvasWidth, canvasHeight);
        }
        if (size[0] != frame.width() || size[1] != frame.height() || frame.x() + frame.width() > canvasWidth
                || frame.y() + frame.height() > canvasHeight) {
            throw UndecodableException.broken("a WebP of " + canvasWidth + " × " + canvasHeight + " pixels that holds one of "
                    + size[0] + " × " + size[1]);
        }
        if (hasPlainAlpha() && alpha.to - alpha.from <= (long) size[0] * size[1]) {
            throw UndecodableException.truncated();
        }
    }

    private void read(int from, int to) {
        int at = from;
        while (to - at >= CHUNK) {
            long length = in.getInt(at + 4) & 0xFFFFFFFFL;
            long end = at + CHUNK + length;
            cut |= end > to;
            read(new Part(new String(file, at, 4, StandardCharsets.ISO_8859_1), at + CHUNK, (int) Math.min(end, to)));
            if (end + length % 2 >= to) {
                return;
            }
            at = (int) (end + length % 2);
        }
    }

    private void read(Part part) {
        switch (part.name) {
            case "VP8X" -> {
                if (part.to - part.from >= EXTENDED) {
                    canvasWidth = 1 + number24(part.from + 4);
                    canvasHeight = 1 + number24(part.from + 7);
                }
            }
            case "VP8 ", "VP8L" -> pixels = pixels == null ? part : pixels;
            case "ALPH" -> alpha = pixels == null ? part : alpha;
            case "ICCP" -> profile = part;
            case "EXIF" -> exif = part;
            case "ANMF" -> {
                if (pixels == null && part.to - part.from >= 16) {
                    frame = new Frame(2 * number24(part.from), 2 * number24(part.from + 3), 1 + number24(part.from + 6),
                            1 + number24(part.from + 9));
                    read(part.from + 16, part.to);
                }
            }
            default -> {
                // text, or what a later version brings
            }
        }
    }

    private int number24(int at) {
        return in.getShort(at) & 0xFFFF | (file[at + 2] & 0xFF) << 16;
    }

    private int[] lossySize() throws UndecodableException {
        if (pixels.to - pixels.from < 10) {
            throw UndecodableException.truncated();
        }
        return new int[] {in.getShort(pixels.from + 6) & 0x3FFF, in.getShort(pixels.from + 8) & 0x3FFF};
    }

    private int[] losslessSize() throws UndecodableException {
        if (pixels.to - pixels.from < 5) {
            throw UndecodableException.truncated();
        }
        int bits = in.getInt(pixels.from + 1);
        return new int[] {1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)};
    }

    boolean isLossless() {
        return pixels.name.equals("VP8L");
    }

    boolean hasAlpha() {
        return isLossless() ? (file[pixels.from + 4] & ALPHA_FLAG) != 0 : alpha != null;
    }

    /** Whether transparency is not compressed, which the reader does not know. */
    private boolean hasPlainAlpha() {
        return !isLossless() && alpha != null && alpha.to > alpha.from && (file[alpha.from] & 3) == 0;
    }

    /**
     * Transparency that is not compressed: behind a byte there is one for each pixel of the frame, the difference to what is on its
     * left, above it, or to a slope (RFC 9649, section 2.7.1.2).
     *
     * @return null where the reader finds what there is
     */
    byte[] plainAlpha() {
        if (!hasPlainAlpha()) {
            return null;
        }
        int filter = file[alpha.from] >> 2 & 3;
        int width = frame.width();
        byte[] plane = Arrays.copyOfRange(file, alpha.from + 1, alpha.from + 1 + width * frame.height());
        for (int i = 1; filter > 0 && i < plane.length; i++) {
            int left = i % width == 0 ? -1 : plane[i - 1] & 0xFF;
            int above = i < width ? -1 : plane[i - width] & 0xFF;
            int predicted;
            if (left < 0 || above < 0) {
                predicted = Math.max(left, above);
            } else if (filter == 3) {
                predicted = Math.max(0, Math.min(255, left + above - (plane[i - width - 1] & 0xFF)));
            } else {
                predicted = filter == 1 ? left : above;
            }
            plane[i] += (byte) predicted;
        }
        return plane;
    }

    int canvasWidth() {
        return canvasWidth;
    }

    int canvasHeight() {
        return canvasHeight;
    }

    Frame frame() {
        return frame;
    }

    boolean isCut() {
        return cut;
    }

    long packedBytes() {
        return isLossless() ? pixels.to - pixels.from : alpha == null ? 0 : alpha.to - alpha.from;
    }

    /** The colour profile; null where there is none. */
    byte[] profile() {
        return profile == null || profile.to - profile.from > Colours.MAX_PROFILE
                ? null : Arrays.copyOfRange(file, profile.from, profile.to);
    }

    int orientation() {
        return exif == null ? Orientation.UPRIGHT : TiffDirectory.orientation(file, exif.from, exif.to - exif.from);
    }

    /** A file of the first frame alone. */
    Slices stream() {
        boolean extended = !isLossless() && alpha != null && !hasPlainAlpha();
        int size = 4 + chunk(pixels) + (extended ? CHUNK + EXTENDED + chunk(alpha) : 0);
        Slices stream = new Slices().add(header("RIFF", size)).add("WEBP".getBytes(StandardCharsets.ISO_8859_1));
        if (extended) {
            byte[] canvas = new byte[EXTENDED];
            canvas[0] = ALPHA_FLAG;
            ByteBuffer.wrap(canvas).order(ByteOrder.LITTLE_ENDIAN).putInt(4, frame.width() - 1)
                    .putShort(7, (short) (frame.height() - 1)).put(9, (byte) (frame.height() - 1 >> 16));
            stream.add(header("VP8X", EXTENDED)).add(canvas);
            add(stream, alpha);
        }
        add(stream, pixels);
        return stream.add(new byte[LOOK_AHEAD]).guarded();
    }

    private void add(Slices stream, Part part) {
        stream.add(header(part.name, part.to - part.from)).add(file, part.from, part.to)
                .add(new byte[(part.to - part.from) % 2]);
    }

    private static int chunk(Part part) {
        return CHUNK + part.to - part.from + (part.to - part.from) % 2;
    }

    private static byte[] header(String name, int length) {
        return ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN).put(name.getBytes(StandardCharsets.ISO_8859_1))
                .putInt(length).array();
    }
}
