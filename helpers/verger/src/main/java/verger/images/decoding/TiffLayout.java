package verger.images.decoding;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What the first directory of a TIFF says about its strips or tiles, compared with the file, and what the JPEGs say that may lie
 * in them: a page of 100 × 100 pixels can hold one of 30,000 × 30,000.
 */
final class TiffLayout {

    private static final int SUBFILE = 254;
    private static final int WIDTH = 256;
    private static final int HEIGHT = 257;
    private static final int BITS = 258;
    private static final int COMPRESSION = 259;
    private static final int STRIP_OFFSETS = 273;
    private static final int SAMPLES = 277;
    private static final int ROWS_OF_STRIP = 278;
    private static final int STRIP_BYTES = 279;
    private static final int PLANES = 284;
    private static final int TILE_WIDTH = 322;
    private static final int TILE_HEIGHT = 323;
    private static final int TILE_OFFSETS = 324;
    private static final int TILE_BYTES = 325;
    private static final int SUB_PAGES = 330;
    private static final int JPEG_TABLES = 347;
    private static final int EXTRA_SAMPLES = 338;
    private static final int PROFILE = 34675;
    private static final int RAW = 50706;

    private static final int UNCOMPRESSED = 1;
    private static final int OLD_JPEG = 6;
    private static final int JPEG = 7;

    /** Of the TIFF specification and its supplements: what makes pixels, and neither text nor other pages. */
    private static final int[] PIXELS = {WIDTH, HEIGHT, BITS, COMPRESSION, 262, 266, STRIP_OFFSETS, SAMPLES, ROWS_OF_STRIP,
        STRIP_BYTES, PLANES, 292, 293, 317, 320, TILE_WIDTH, TILE_HEIGHT, TILE_OFFSETS, TILE_BYTES, EXTRA_SAMPLES, 339,
        JPEG_TABLES, 529,
        530, 531, 532};

    private final byte[] file;
    private final TiffDirectory tags;
    private final int width;
    private final int height;
    private final int bits;
    private final int compression;
    private final int tileWidth;
    private final int tileHeight;
    private final boolean tiled;
    private long largestPart;
    private long jpegSamples;
    private long jpegNative;

    TiffLayout(byte[] file) throws UndecodableException {
        this.file = file;
        try {
            tags = new TiffDirectory(ByteBuffer.wrap(file));
            if (tags.has(RAW) || (tags.number(SUBFILE, 0) & 1) == 1 && tags.has(SUB_PAGES)) {
                throw UndecodableException.unsupported("a raw photograph of a camera (DNG, NEF or such), which holds a small "
                        + "picture beside; export it as JPEG");
            }
            width = side(WIDTH);
            height = side(HEIGHT);
            int samples = (int) Math.min(tags.number(SAMPLES, 1), 64);
            int sum = 0;
            for (int i = 0; i < samples; i++) {
                sum += (int) Math.min(64, i < tags.count(BITS) ? tags.number(BITS, i, 1) : tags.number(BITS, 1));
            }
            bits = sum;
            compression = (int) tags.number(COMPRESSION, UNCOMPRESSED);
            checkCompression();
            tiled = tags.has(TILE_WIDTH);
            tileWidth = tiled ? side(TILE_WIDTH) : width;
            tileHeight = tiled ? side(TILE_HEIGHT) : (int) Math.min(height, tags.number(ROWS_OF_STRIP, height));
            checkParts();
        } catch (IndexOutOfBoundsException | BufferUnderflowException | ArithmeticException e) {
            throw UndecodableException.truncated();
        }
    }

    private int side(int tag) throws UndecodableException {
        long side = tags.number(tag, 0);
        if (side < 1 || side > Integer.MAX_VALUE / 2) {
            throw UndecodableException.broken("a TIFF whose tag " + tag + " says " + side + " pixels");
        }
        return (int) side;
    }

    private void checkCompression() throws UndecodableException {
        switch (compression) {
            case UNCOMPRESSED, 2, 3, 4, 5, JPEG, 8, 32773, 32946 -> {
                // what the reader knows
            }
            case OLD_JPEG -> throw UndecodableException.unsupported(
                    "a TIFF with JPEG as it was before 1995 (compression 6); save it again");
            default -> throw UndecodableException.unsupported("a TIFF with compression " + compression
                    + "; save it with LZW or Deflate");
        }
    }

    private void checkParts() throws UndecodableException {
        int offsets = tags.has(TILE_OFFSETS) ? TILE_OFFSETS : STRIP_OFFSETS;
        int lengths = tags.has(TILE_BYTES) ? TILE_BYTES : STRIP_BYTES;
        if (!tags.has(offsets) || !tags.isInside(offsets) || tags.has(lengths) && !tags.isInside(lengths)) {
            throw UndecodableException.broken("a TIFF that does not say where its pixels are");
        }
        Map<Long, JpegHeader> jpegs = new HashMap<>();
        long read = 0;
        for (int i = 0; i < tags.count(offsets); i++) {
            long from = tags.number(offsets, i, 0);
            long length = i < tags.count(lengths) ? tags.number(lengths, i, 0) : file.length - from;
            if (from > file.length || (compression == UNCOMPRESSED ? unpacked(i) : length) > file.length - from) {
                throw UndecodableException.truncated();
            }
            largestPart = Math.max(largestPart, compression == UNCOMPRESSED ? 0 : length);
            if (compression == JPEG) {
                JpegHeader known = jpegs.get(from);
                read += known == null ? length : 0;
                if (read > 2L * file.length) {
                    throw UndecodableException.broken("a TIFF whose strips lie one upon the other");
                }
                JpegHeader jpeg = known == null ? jpeg((int) from, (int) (from + length)) : known;
                jpegs.put(from, jpeg);
                jpegSamples += jpeg.samples();
                jpegNative = Math.max(jpegNative, jpeg.nativeBytes());
            }
        }
    }

    /** Bytes of a strip or tile as it is; the last strip has fewer rows. */
    private long unpacked(int part) {
        boolean planes = tags.number(PLANES, 1) == 2;
        int perImage = (height + tileHeight - 1) / tileHeight;
        int rows = tiled ? tileHeight : Math.min(tileHeight, height - part % perImage * tileHeight);
        long perRow = (long) tileWidth * (planes ? tags.number(BITS, 1) : bits);
        return rows * ((perRow + 7) / 8);
    }

    private JpegHeader jpeg(int from, int to) throws UndecodableException {
        byte[] tables = tags.bytes(JPEG_TABLES);
        if (tables != null && hasFrame(tables)) {
            throw UndecodableException.broken("a TIFF whose JPEG tables are a picture");
        }
        JpegHeader jpeg = new JpegHeader(file, from, to);
        if (jpeg.width() > tileWidth || jpeg.height() > (tileHeight + 15L) / 16 * 16) {
            throw UndecodableException.broken("a TIFF with strips or tiles of " + tileWidth + " × " + tileHeight
                    + " pixels, and in one of them a JPEG of " + jpeg.width() + " × " + jpeg.height());
        }
        return jpeg;
    }

    /** Tables have no marker of a frame (C0 to C3, C5 to C7) nor of pixels (DA). */
    private static boolean hasFrame(byte[] tables) {
        int at = 2;
        while (at + 4 <= tables.length && tables[at] == (byte) 0xFF) {
            int marker = tables[at + 1] & 0xFF;
            if (marker >= 0xC0 && marker <= 0xC7 && marker != 0xC4 || marker == 0xDA) {
                return true;
            }
            at += 2 + ((tables[at + 2] & 0xFF) << 8 | tables[at + 3] & 0xFF);
        }
        return false;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    int orientation() {
        return tags.orientation();
    }

    /** The colour profile; null where there is none. */
    byte[] profile() {
        return tags.bytes(PROFILE);
    }

    /** Samples of all tiles, which may reach beyond the picture, or of the JPEGs in them. */
    long samples() {
        long wide = tiled ? ((long) width + tileWidth - 1) / tileWidth * tileWidth : width;
        long high = tiled ? ((long) height + tileHeight - 1) / tileHeight * tileHeight : height;
        long perPixel = Math.max(1, bits / 8);
        long samples = high > Long.MAX_VALUE / wide / perPixel ? Long.MAX_VALUE : wide * high * perPixel;
        return Math.max(samples, jpegSamples);
    }

    /** A sample beside the colours of which nobody says that it is transparency. */
    boolean hasUnspecifiedSample() {
        return tags.number(EXTRA_SAMPLES, 2) == 0;
    }

    long nativeBytes() {
        return jpegNative;
    }

    /** A strip or tile is unpacked whole, and the only strip of a file may be the whole picture. */
    long stripBytes(long bitsPerPixel) {
        return largestPart + (long) tileWidth * tileHeight / 8 * Math.max(bits, bitsPerPixel);
    }

    /** The file with a directory behind it that has none but the tags of pixels, which point to where they did. */
    Slices stream() {
        byte[] header = Arrays.copyOf(file, 8);
        int padding = file.length % 2;
        ByteBuffer.wrap(header).order(header[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN)
                .putInt(4, file.length + padding);
        return new Slices().add(header).add(file, 8, file.length).add(new byte[padding]).add(tags.of(PIXELS));
    }
}
