package verger.images;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** From the bytes of an image file to RGB samples, by ImageIO, with its silences made into reasons. */
final class ImageDecoder {

    /** More than any camera for fruit makes, and 200 MB as RGB: a task can hold it. */
    static final long MAX_PIXELS = 64_000_000;

    static final String NOT_AN_IMAGE = "not an image: none of JPEG, PNG, GIF, BMP, TIFF";

    private static final int WHITE = 255;

    private ImageDecoder() {
    }

    /** Whether there is a decoder for a file that begins so. */
    static boolean isImage(byte[] head) throws IOException {
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(head))) {
            return ImageIO.getImageReaders(in).hasNext();
        }
    }

    static RgbImage decode(byte[] content) throws UnusableImageException {
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
                return read(reader);
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
        // ImageIO fills what is missing or damaged in a JPEG with grey and only warns.
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((source, message) -> warnings.add(message));
        BufferedImage image = reader.read(0);
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

    private static RgbImage toRgb(BufferedImage image) {
        ColorModel colors = image.getColorModel();
        boolean plain = colors instanceof ComponentColorModel
                && (colors.getColorSpace().isCS_sRGB() || colors.getColorSpace().getType() == ColorSpace.TYPE_GRAY)
                && colors.getTransferType() <= java.awt.image.DataBuffer.TYPE_USHORT;
        return plain ? fromSamples(image) : fromArgb(image);
    }

    /** Straight from the samples: getRGB would brighten grey images (it takes them for linear) and drop bits of 16. */
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
