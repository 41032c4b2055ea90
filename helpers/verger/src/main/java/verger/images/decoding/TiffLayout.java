package verger.images.decoding;

import java.awt.color.ColorSpace;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
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
    private static final int PHOTOMETRIC = 262;
    private static final int STRIP_OFFSETS = 273;
    private static final int SAMPLES = 277;
    private static final int ROWS_OF_STRIP = 278;
    private static final int STRIP_BYTES = 279;
    private static final int PLANES = 284;
    private static final int PREDICTOR = 317;
    private static final int TILE_WIDTH = 322;
    private static final int TILE_HEIGHT = 323;
    private static final int TILE_OFFSETS = 324;
    private static final int TILE_BYTES = 325;
    private static final int SUB_PAGES = 330;
    private static final int INKS = 332;
    private static final int EXTRA_SAMPLES = 338;
    private static final int FORMAT = 339;
    private static final int JPEG_TABLES = 347;
    private static final int SUBSAMPLING = 530;
    private static final int PROFILE = 34675;
    private static final int RAW = 50706;

    private static final int WHITE_IS_ZERO = 0;
    private static final int BLACK_IS_ZERO = 1;
    private static final int RGB = 2;
    private static final int SEPARATED = 5;
    private static final int YCBCR = 6;
    private static final int LAB = 8;
    private static final int ICC_LAB = 9;
    private static final int ITU_LAB = 10;

    private static final int UNSIGNED = 1;
    private static final int SIGNED = 2;
    private static final int FLOAT = 3;
    private static final int DIFFERENCES = 2;

    private static final int UNCOMPRESSED = 1;
    private static final int LZW = 5;
    private static final int OLD_JPEG = 6;
    private static final int JPEG = 7;
    private static final int DEFLATE = 8;
    private static final int OLD_DEFLATE = 32946;

    /** Of the TIFF specification and its supplements: what makes pixels, and neither text nor other pages. */
    private static final int[] PIXELS = {WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, 266, STRIP_OFFSETS, SAMPLES,
        ROWS_OF_STRIP,
        STRIP_BYTES, PLANES, 292, 293, PREDICTOR, 320, TILE_WIDTH, TILE_HEIGHT, TILE_OFFSETS, TILE_BYTES, EXTRA_SAMPLES, FORMAT,
        JPEG_TABLES, 529, SUBSAMPLING, 531, 532};

    /** Readers keep all numbers of a tag. So many strips or tiles are 256 megapixels of the smallest tiles, 16 × 16. */
    private static final int MAX_NUMBERS = 1_000_000;
    /** Four tables of 16 bits and eight of codes have less than 4 kB. */
    private static final int MAX_TABLES = 10_000;
    /** A reader begins anew with each JPEG, which takes as long as so many samples, and as the square of its segments. */
    private static final long JPEG_BEGIN = 10_000;

    private final byte[] file;
    private final TiffDirectory tags;
    private final int width;
    private final int height;
    private final int bits;
    private final int compression;
    private final int photometric;
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
            photometric = (int) tags.number(PHOTOMETRIC, -1);
            checkCompression();
            checkSamples();
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
            case UNCOMPRESSED, 2, 3, 4, LZW, JPEG, DEFLATE, 32773, OLD_DEFLATE -> {
                // what the reader knows
            }
            case OLD_JPEG -> throw UndecodableException.unsupported(
                    "a TIFF with JPEG as it was before 1995 (compression 6); save it again");
            default -> throw UndecodableException.unsupported("a TIFF with compression " + compression
                    + "; save it with LZW or Deflate");
        }
    }

    /** Refuses what the reader would make other colours of, or none. */
    private void checkSamples() throws UndecodableException {
        int each = (int) tags.number(BITS, 1);
        long format = tags.number(FORMAT, UNSIGNED);
        boolean fits = format == FLOAT ? each == 32 || each == 64 : each <= 32 && Integer.bitCount(each) == 1;
        if (!fits || format == SIGNED && each > 8) {
            throw UndecodableException.unsupported("a TIFF with samples of " + each + " bits"
                    + (format == FLOAT ? " and a point" : format == SIGNED ? " and a sign" : "")
                    + "; save it with 8 or 16 bits");
        }
        if (photometric == SEPARATED && (tags.number(SAMPLES, 1) < 4 || tags.number(INKS, 1) != 1)) {
            throw UndecodableException.unsupported("a TIFF of other inks than CMYK; save it as RGB");
        }
        if (photometric == ICC_LAB || photometric == ITU_LAB
                || photometric == LAB && (each != 8 || tags.number(SAMPLES, 1) != 3)) {
            throw UndecodableException.unsupported("a TIFF with a rare kind of Lab colours; save it as RGB");
        }
        if (predictor() > DIFFERENCES || predictor() == DIFFERENCES && each != 8 && each != 16) {
            throw UndecodableException.unsupported("a TIFF with predictor " + predictor() + " and samples of " + each
                    + " bits; save it without a predictor");
        }
    }

    private void checkNumbers() throws UndecodableException {
        for (int tag : PIXELS) {
            if (tags.count(tag) > MAX_NUMBERS) {
                throw UndecodableException.unsupported("a TIFF with " + tags.count(tag) + " numbers in its tag " + tag
                        + ", more than " + MAX_NUMBERS + "; save it with larger strips or tiles");
            }
        }
    }

    private void checkParts() throws UndecodableException {
        int offsets = tags.has(TILE_OFFSETS) ? TILE_OFFSETS : STRIP_OFFSETS;
        int lengths = tags.has(TILE_BYTES) ? TILE_BYTES : STRIP_BYTES;
        if (!tags.has(offsets) || !tags.isInside(offsets) || tags.has(lengths) && !tags.isInside(lengths)) {
            throw UndecodableException.broken("a TIFF that does not say where its pixels are");
        }
        checkNumbers();
        if (compression == JPEG) {
            checkTables();
        }
        Map<Long, Long> jpegs = new HashMap<>();
        long read = 0;
        for (int i = 0; i < tags.count(offsets); i++) {
            long from = tags.number(offsets, i, 0);
            long length = i < tags.count(lengths) ? tags.number(lengths, i, 0) : file.length - from;
            if (from > file.length || (compression == UNCOMPRESSED ? unpacked(i) : length) > file.length - from) {
                throw UndecodableException.truncated();
            }
            largestPart = Math.max(largestPart, compression == UNCOMPRESSED ? 0 : length);
            if (compression == JPEG) {
                Long work = jpegs.get(from);
                if (work == null) {
                    read += length;
                    if (read > 2L * file.length) {
                        throw UndecodableException.broken("a TIFF whose strips lie one upon the other");
                    }
                    work = jpegWork((int) from, (int) (from + length));
                    jpegs.put(from, work);
                }
                jpegSamples += work;
                if (jpegSamples > Bounds.MAX_SAMPLES) {
                    return; // it is refused
                }
            }
        }
    }

    /** Bytes of a strip or tile as it is; the last strip has fewer rows. */
    private long unpacked(int part) {
        boolean planes = tags.number(PLANES, 1) == 2;
        int perImage = (height + tileHeight - 1) / tileHeight;
        int rows = tiled ? tileHeight : Math.min(tileHeight, height - part % perImage * tileHeight);
        if (photometric == YCBCR && !planes) { // blocks of so many pixels share their colours
            long across = Math.max(1, tags.number(SUBSAMPLING, 2));
            long down = tags.count(SUBSAMPLING) < 2 ? 2 : Math.max(1, tags.number(SUBSAMPLING, 1, 2));
            return (tileWidth + across - 1) / across * ((rows + down - 1) / down) * (across * down + 2);
        }
        long perRow = (long) tileWidth * (planes ? tags.number(BITS, 1) : bits);
        return rows * ((perRow + 7) / 8);
    }

    private long jpegWork(int from, int to) throws UndecodableException {
        JpegHeader jpeg = new JpegHeader(file, from, to);
        if (jpeg.width() > tileWidth || jpeg.height() > (tileHeight + 15L) / 16 * 16) {
            throw UndecodableException.broken("a TIFF with strips or tiles of " + tileWidth + " × " + tileHeight
                    + " pixels, and in one of them a JPEG of " + jpeg.width() + " × " + jpeg.height());
        }
        jpegNative = Math.max(jpegNative, jpeg.nativeBytes());
        return jpeg.samples() + JPEG_BEGIN + (long) jpeg.segments() * jpeg.segments();
    }

    private void checkTables() throws UndecodableException {
        byte[] tables = tags.bytes(JPEG_TABLES, MAX_TABLES);
        if (tables == null && tags.has(JPEG_TABLES)) {
            throw UndecodableException.broken("a TIFF whose JPEG tables are cut or longer than " + MAX_TABLES + " bytes");
        }
        if (tables != null && hasFrame(tables)) {
            throw UndecodableException.broken("a TIFF whose JPEG tables are a picture");
        }
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
        return tags.bytes(PROFILE, Colours.MAX_PROFILE);
    }

    /** Samples of all tiles, which may reach beyond the picture, or of the JPEGs in them. */
    long samples() {
        long wide = tiled ? ((long) width + tileWidth - 1) / tileWidth * tileWidth : width;
        long high = tiled ? ((long) height + tileHeight - 1) / tileHeight * tileHeight : height;
        long perPixel = Math.max(1, bits / 8);
        long samples = high > Long.MAX_VALUE / wide / perPixel ? Long.MAX_VALUE : wide * high * perPixel;
        return Math.max(samples, jpegSamples);
    }

    /**
     * What the samples of an image mean by the tags: the reader has other opinions where there are more than it knows, or where
     * they have more than 8 bits.
     *
     * @return null where the tags do not say
     */
    Samples.Meaning meaning(ColorModel colors, int bands) {
        int type = switch (photometric) {
            case WHITE_IS_ZERO, BLACK_IS_ZERO -> ColorSpace.TYPE_GRAY;
            case RGB, YCBCR -> ColorSpace.TYPE_RGB;
            case SEPARATED -> ColorSpace.TYPE_CMYK;
            case LAB -> ColorSpace.TYPE_Lab;
            default -> -1;
        };
        int colours = Samples.colours(type);
        if (type < 0 || bands < colours || !(colors instanceof ComponentColorModel)) {
            return null;
        }
        // The reader inverts a JPEG of four samples, as such a file by itself holds light in the place of ink.
        boolean inverts = compression == JPEG && tags.number(SAMPLES, 1) == 4 && tags.number(PLANES, 1) != 2;
        int inverted = inverts ? 0b1111 : isWhiteZero() ? 1 : 0;
        boolean guessed = colors.hasAlpha() && type != ColorSpace.TYPE_CMYK;
        long extra = tags.number(EXTRA_SAMPLES, guessed ? colors.isAlphaPremultiplied() ? 1 : 2 : 0);
        boolean transparent = bands > colours && (extra == 1 || extra == 2);
        return new Samples.Meaning(type, transparent ? colours : -1, transparent && extra == 1, inverted);
    }

    /** Whether samples are left as they are stored, with white as zero: the reader inverts one of a pixel, and not two. */
    private boolean isWhiteZero() {
        return photometric == WHITE_IS_ZERO && tags.number(BITS, 1) >= 8 && compression != JPEG;
    }

    /** Whether the samples are differences of 16 bits, which the reader does not sum up. */
    boolean hasDeepDifferences() {
        return predictor() == DIFFERENCES && tags.number(BITS, 1) == 16;
    }

    private long predictor() {
        return compression == LZW || compression == DEFLATE || compression == OLD_DEFLATE ? tags.number(PREDICTOR, 1) : 1;
    }

    int tileWidth() {
        return tileWidth;
    }

    long nativeBytes() {
        return jpegNative;
    }

    /** A strip or tile is unpacked whole, and the only strip of a file may be the whole picture. */
    long stripBytes(long bitsPerPixel) {
        return largestPart + (long) tileWidth * tileHeight / 8 * Math.max(bits, bitsPerPixel);
    }

    /**
     * The file with a directory behind it that has none but the tags of pixels, which point to where they did. It says what the
     * reader understands where samples are to come as they are stored.
     */
    Slices stream() {
        Map<Integer, Integer> changed = new HashMap<>();
        if (isWhiteZero()) {
            changed.put(PHOTOMETRIC, BLACK_IS_ZERO);
        }
        if (photometric == LAB) {
            changed.put(PHOTOMETRIC, RGB);
        }
        if (hasDeepDifferences()) {
            changed.put(PREDICTOR, 1);
        }
        byte[] header = Arrays.copyOf(file, 8);
        int padding = file.length % 2;
        ByteBuffer.wrap(header).order(header[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN)
                .putInt(4, file.length + padding);
        return new Slices().add(header).add(file, 8, file.length).add(new byte[padding]).add(tags.of(changed, PIXELS));
    }
}
