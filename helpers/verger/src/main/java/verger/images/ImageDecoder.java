package verger.images;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.SampleModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Decodes the bytes of an image file to RGB samples with ImageIO, and gives a reason where ImageIO only warns. */
final class ImageDecoder {

    /** Most cameras make fewer pixels. A progressive JPEG is unpacked whole, in memory that no heap limits. */
    static final long MAX_PIXELS = 64_000_000;

    /** A picture takes no more while it is decoded: two tasks at once fit the smallest heap that Spark starts with, 1 GB. */
    static final long MAX_BYTES = 256_000_000;

    /**
     * The shorter side is not cut below this: four times the input of the networks with the largest one (512 pixels or so),
     * whose antialiased resize averages over what is left. So all is read up to 4095 pixels, as of cameras of 24 megapixels.
     */
    private static final int KEPT_SIDE = 2048;

    static final String NOT_AN_IMAGE = "not an image: none of JPEG, PNG, GIF, BMP, TIFF";

    private static final int WHITE = 255;

    private ImageDecoder() {
    }

    /** Says whether ImageIO has a reader for a file that begins with these bytes. */
    static boolean isImage(byte[] head) throws IOException {
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(head))) {
            return ImageIO.getImageReaders(in).hasNext();
        }
    }

    static RgbImage decode(byte[] content) throws UnusableImageException {
        RgbImage stored = opened(content, ImageDecoder::read);
        return ExifOrientation.applied(ExifOrientation.of(content), stored);
    }

    /** Returns the size of the whole picture, which is not decoded. */
    static ImageSize size(byte[] content) throws UnusableImageException {
        ImageSize stored = opened(content, reader -> new ImageSize(reader.getWidth(0), reader.getHeight(0)));
        return ExifOrientation.isTurned(ExifOrientation.of(content))
                ? new ImageSize(/* width= */ stored.height(), /* height= */ stored.width()) : stored;
    }

    /** A question to the reader of a file that looks like an image. */
    private interface Question<T> {
        T ask(ImageReader reader) throws IOException, UnusableImageException;
    }

    private static <T> T opened(byte[] content, Question<T> question) throws UnusableImageException {
        if (content == null) {
            throw new UnusableImageException("no content: the file was deleted after it was listed, or may not be read");
        }
        if (content.length == 0) {
            throw new UnusableImageException("empty file (0 bytes)");
        }
        String unread = UnreadFile.reason(content);
        if (unread != null) {
            throw new UnusableImageException(unread);
        }
        // Not ImageIO.createImageInputStream: that one writes every image to a temporary file first.
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(content))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new UnusableImageException(NOT_AN_IMAGE);
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                return question.ask(reader);
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException e) { // a broken file makes ImageIO throw nearly anything
            throw new UnusableImageException("broken image: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
        }
    }

    private static RgbImage read(ImageReader reader) throws IOException, UnusableImageException {
        int width = reader.getWidth(0);
        int height = reader.getHeight(0);
        if ((long) width * height > MAX_PIXELS) {
            throw new UnusableImageException("too large: " + width + " × " + height + " pixels, more than "
                    + MAX_PIXELS / 1_000_000 + " megapixels");
        }
        int step = step(width, height, reader);
        ImageReadParam every = reader.getDefaultReadParam();
        every.setSourceSubsampling(step, step, (step - 1) / 2, (step - 1) / 2);
        // ImageIO fills what is missing or damaged in a JPEG with grey and only warns.
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((source, message) -> warnings.add(message));
        BufferedImage image = reader.read(0, every);
        for (String warning : warnings) {
            if (warning.contains("premature end")) {
                throw new UnusableImageException("truncated image: the file ends before the picture does");
            }
            if (warning.contains("bad Huffman code")) {
                throw new UnusableImageException("broken image: " + warning);
            }
        }
        return toRgb(image);
    }

    /** Returns the distance between the pixels of a row, and between the rows, that are read: 1 for all of them. */
    private static int step(int width, int height, ImageReader reader) throws IOException, UnusableImageException {
        int shorter = Math.min(width, height);
        long bitsPerPixel = bitsPerPixel(reader);
        // TIFF is unpacked by strips or tiles, and the only strip of a file may be the whole picture.
        long strip = reader.getFormatName().toLowerCase(Locale.ROOT).startsWith("tif")
                ? (long) reader.getTileWidth(0) * reader.getTileHeight(0) * bitsPerPixel / 8 : 0;
        int step = Math.max(1, shorter / KEPT_SIDE);
        // A panorama is longer than a photograph: of one that does not fit, half the side will do.
        while (strip + bytes(width, height, step, bitsPerPixel) > MAX_BYTES && shorter / (step + 1) >= KEPT_SIDE / 2) {
            step++;
        }
        long bytes = strip + bytes(width, height, step, bitsPerPixel);
        if (bytes > MAX_BYTES) {
            throw new UnusableImageException("too large: " + width + " × " + height + " pixels of " + bitsPerPixel
                    + " bits take " + bytes / 1_000_000 + " MB to decode, more than " + MAX_BYTES / 1_000_000 + " MB");
        }
        return step;
    }

    /** Returns the bytes that the picture takes as ImageIO gives it and as RGB. */
    private static long bytes(int width, int height, int step, long bitsPerPixel) {
        long pixels = ((long) width + step - 1) / step * (((long) height + step - 1) / step);
        return pixels * bitsPerPixel / 8 + pixels * RgbImage.CHANNELS;
    }

    private static long bitsPerPixel(ImageReader reader) throws IOException {
        Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0); // the first is what read() makes
        if (!types.hasNext()) {
            return 32;
        }
        SampleModel samples = types.next().getSampleModel();
        return samples.getNumBands() * (long) DataBuffer.getDataTypeSize(samples.getDataType());
    }

    private static RgbImage toRgb(BufferedImage image) {
        ColorModel colors = image.getColorModel();
        boolean plain = colors instanceof ComponentColorModel
                && (colors.getColorSpace().isCS_sRGB() || colors.getColorSpace().getType() == ColorSpace.TYPE_GRAY)
                && colors.getTransferType() <= DataBuffer.TYPE_USHORT;
        return plain ? fromSamples(image) : fromArgb(image);
    }

    /** Takes the samples as they are: getRGB would brighten grey images (it takes them for linear) and drop bits of 16. */
    private static RgbImage fromSamples(BufferedImage image) {
        Raster raster = image.getRaster();
        ColorModel colors = image.getColorModel();
        int bands = raster.getNumBands();
        int colorBands = colors.getNumColorComponents();
        int width = image.getWidth();
        int[] row = new int[width * bands];
        byte[] rgb = new byte[width * image.getHeight() * RgbImage.CHANNELS];
        int at = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int x = 0; x < width; x++) {
                int alpha = colors.hasAlpha() ? to8Bits(row[x * bands + bands - 1], colors, bands - 1) : 255;
                for (int c = 0; c < RgbImage.CHANNELS; c++) {
                    int band = colorBands == 1 ? 0 : c;
                    rgb[at++] = onWhite(to8Bits(row[x * bands + band], colors, band), alpha);
                }
            }
        }
        return new RgbImage(width, image.getHeight(), rgb);
    }

    private static int to8Bits(int sample, ColorModel colors, int band) {
        int max = (1 << colors.getComponentSize(band)) - 1;
        return max == 255 ? sample : (int) ((sample * 255L + max / 2) / max);
    }

    private static RgbImage fromArgb(BufferedImage image) {
        int width = image.getWidth();
        int[] row = new int[width];
        byte[] rgb = new byte[width * image.getHeight() * RgbImage.CHANNELS];
        int at = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            image.getRGB(0, y, width, 1, row, 0, width);
            for (int argb : row) {
                int alpha = argb >>> 24;
                rgb[at++] = onWhite(argb >> 16 & 0xff, alpha);
                rgb[at++] = onWhite(argb >> 8 & 0xff, alpha);
                rgb[at++] = onWhite(argb & 0xff, alpha);
            }
        }
        return new RgbImage(width, image.getHeight(), rgb);
    }

    private static byte onWhite(int sample, int alpha) {
        return (byte) ((sample * alpha + WHITE * (255 - alpha) + 127) / 255);
    }
}
