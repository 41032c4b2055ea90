package verger.images.decoding;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;

/** Makes RGB of 8 bits, on white, of what a reader returns. */
final class Samples {

    private static final int WHITE = 255;

    private Samples() {
    }

    /**
     * Takes the samples as they are, or as the profile says.
     *
     * @param profile   of the file; null for none. It counts if it is whole and of the picture's kind of colours
     * @param hideAlpha whether what the image takes for transparency is none
     */
    static Picture rgb(BufferedImage image, byte[] profile, boolean hideAlpha) {
        ColorModel colors = image.getColorModel();
        int type = colors.getColorSpace().getType();
        boolean plain = colors instanceof ComponentColorModel && colors.getTransferType() <= DataBuffer.TYPE_USHORT
                && (colors.getColorSpace().isCS_sRGB() || type == ColorSpace.TYPE_GRAY || type == ColorSpace.TYPE_CMYK);
        return plain ? fromSamples(image, type, profile, hideAlpha) : fromArgb(image, profile, hideAlpha);
    }

    /** Not getRGB, which would brighten grey images (it takes them for linear), drop bits of 16, and wash ink out. */
    private static Picture fromSamples(BufferedImage image, int type, byte[] profile, boolean hideAlpha) {
        Raster raster = image.getRaster();
        ColorModel colors = image.getColorModel();
        Colours colours = Colours.of(type, profile);
        int bands = raster.getNumBands();
        int colorBands = colors.getNumColorComponents();
        int width = image.getWidth();
        boolean hasAlpha = colors.hasAlpha() && !hideAlpha;
        boolean premultiplied = hasAlpha && colors.isAlphaPremultiplied();
        boolean divided = premultiplied && profile != null; // a profile speaks of colours without their transparency
        int[] row = new int[width * bands];
        byte[] samples = new byte[width * colorBands];
        byte[] rgbRow = new byte[width * Picture.CHANNELS];
        byte[] rgb = new byte[width * image.getHeight() * Picture.CHANNELS];
        int at = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int x = 0; x < width; x++) {
                int alpha = divided ? to8Bits(row[x * bands + bands - 1], colors, bands - 1) : 255;
                for (int b = 0; b < colorBands; b++) {
                    int sample = to8Bits(row[x * bands + b], colors, b);
                    samples[x * colorBands + b] = (byte) (alpha == 255 ? sample : unmultiplied(sample, alpha));
                }
            }
            colours.toRgb(samples, width, rgbRow);
            for (int x = 0; x < width; x++) {
                int alpha = hasAlpha ? to8Bits(row[x * bands + bands - 1], colors, bands - 1) : 255;
                for (int c = 0; c < Picture.CHANNELS; c++) {
                    int sample = rgbRow[x * Picture.CHANNELS + c] & 0xFF;
                    rgb[at++] =
                            premultiplied && !divided ? (byte) Math.min(255, sample + WHITE - alpha) : onWhite(sample, alpha);
                }
            }
        }
        return new Picture(width, image.getHeight(), rgb);
    }

    private static int unmultiplied(int sample, int alpha) {
        return alpha == 0 ? 0 : Math.min(255, (sample * 255 + alpha / 2) / alpha);
    }

    private static int to8Bits(int sample, ColorModel colors, int band) {
        int max = (1 << colors.getComponentSize(band)) - 1;
        return max == 255 ? sample : (int) ((sample * 255L + max / 2) / max);
    }

    private static Picture fromArgb(BufferedImage image, byte[] profile, boolean hideAlpha) {
        Colours colours = Colours.of(ColorSpace.TYPE_RGB, profile);
        int width = image.getWidth();
        int[] row = new int[width];
        byte[] samples = new byte[width * Picture.CHANNELS];
        byte[] rgbRow = new byte[width * Picture.CHANNELS];
        byte[] rgb = new byte[width * image.getHeight() * Picture.CHANNELS];
        int at = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            image.getRGB(0, y, width, 1, row, 0, width);
            for (int x = 0; x < width; x++) {
                samples[x * 3] = (byte) (row[x] >> 16);
                samples[x * 3 + 1] = (byte) (row[x] >> 8);
                samples[x * 3 + 2] = (byte) row[x];
            }
            colours.toRgb(samples, width, rgbRow);
            for (int i = 0; i < rgbRow.length; i++) {
                rgb[at++] = onWhite(rgbRow[i] & 0xFF, hideAlpha ? 255 : row[i / Picture.CHANNELS] >>> 24);
            }
        }
        return new Picture(width, image.getHeight(), rgb);
    }

    private static byte onWhite(int sample, int alpha) {
        return (byte) ((sample * alpha + WHITE * (255 - alpha) + 127) / 255);
    }
}
