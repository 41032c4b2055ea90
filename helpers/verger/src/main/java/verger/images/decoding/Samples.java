package verger.images.decoding;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.SampleModel;

/** Makes RGB of 8 bits, on white, of what a reader returns. */
final class Samples {

    private static final int WHITE = 255;

    private Samples() {
    }

    /**
     * What the samples of a pixel mean.
     *
     * @param type          of {@link ColorSpace}: RGB, grey, CMYK or Lab
     * @param alpha         the sample that is transparency; -1 for none
     * @param premultiplied whether colours are less by it already
     * @param inverted      a bit for each sample that is stored as what it lacks
     */
    record Meaning(int type, int alpha, boolean premultiplied, int inverted) {

        /** What a reader says; null where only it can make colours of its samples. */
        static Meaning of(BufferedImage image) {
            ColorModel colors = image.getColorModel();
            int type = colors.getColorSpace().getType();
            boolean plain = colors instanceof ComponentColorModel && colors.getTransferType() <= DataBuffer.TYPE_USHORT
                    && (colors.getColorSpace().isCS_sRGB() || type == ColorSpace.TYPE_GRAY || type == ColorSpace.TYPE_CMYK);
            boolean hasAlpha = colors.hasAlpha();
            return plain
                    ? new Meaning(type, hasAlpha ? image.getRaster().getNumBands() - 1 : -1,
                            hasAlpha && colors.isAlphaPremultiplied(), 0)
                    : null;
        }
    }

    /** The number of samples that make a colour. */
    static int colours(int type) {
        return type == ColorSpace.TYPE_GRAY ? 1 : type == ColorSpace.TYPE_CMYK ? 4 : 3;
    }

    /**
     * Takes the samples as they are, or as the profile says.
     *
     * @param profile of the file; null for none. It counts if it is whole and of the picture's kind of colours
     */
    static Picture rgb(BufferedImage image, byte[] profile) {
        Meaning meaning = Meaning.of(image);
        return meaning == null ? fromArgb(image, profile) : rgb(image, profile, meaning);
    }

    /** Not getRGB, which would brighten grey images (it takes them for linear), drop bits of 16, and wash ink out. */
    static Picture rgb(BufferedImage image, byte[] profile, Meaning meaning) {
        Raster raster = image.getRaster();
        Colours colours = Colours.of(meaning.type, profile);
        int bands = raster.getNumBands();
        int colorBands = colours(meaning.type);
        int width = image.getWidth();
        boolean premultiplied = meaning.premultiplied;
        // a profile speaks of colours without their transparency, and so do inks
        boolean divided = premultiplied && (profile != null || meaning.type == ColorSpace.TYPE_CMYK);
        Rows rows = new Rows(raster, image.getColorModel(), meaning.inverted);
        byte[] samples = new byte[width * colorBands];
        byte[] rgbRow = new byte[width * Picture.CHANNELS];
        byte[] rgb = new byte[width * image.getHeight() * Picture.CHANNELS];
        int at = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            int[] row = rows.read(y);
            for (int x = 0; x < width; x++) {
                int alpha = divided ? row[x * bands + meaning.alpha] : 255;
                for (int b = 0; b < colorBands; b++) {
                    int sample = row[x * bands + b];
                    samples[x * colorBands + b] = (byte) (alpha == 255 ? sample : unmultiplied(sample, alpha));
                }
            }
            colours.toRgb(samples, width, rgbRow);
            for (int x = 0; x < width; x++) {
                int alpha = meaning.alpha >= 0 ? row[x * bands + meaning.alpha] : 255;
                for (int c = 0; c < Picture.CHANNELS; c++) {
                    int sample = rgbRow[x * Picture.CHANNELS + c] & 0xFF;
                    rgb[at++] =
                            premultiplied && !divided ? (byte) Math.min(255, sample + WHITE - alpha) : onWhite(sample, alpha);
                }
            }
        }
        return new Picture(width, image.getHeight(), rgb);
    }

    /** Reads rows as samples of 8 bits: numbers from the whole range of their bits, or from 0 to 1. */
    private static final class Rows {

        private final Raster raster;
        private final int[] samples;
        private final float[] fractions;
        private final long[] most;
        private final int inverted;

        Rows(Raster raster, ColorModel colors, int inverted) {
            this.raster = raster;
            this.inverted = inverted;
            samples = new int[raster.getWidth() * raster.getNumBands()];
            fractions = raster.getTransferType() >= DataBuffer.TYPE_FLOAT ? new float[samples.length] : null;
            most = new long[raster.getNumBands()];
            for (int b = 0; b < most.length; b++) {
                most[b] = (1L << colors.getComponentSize(b)) - 1;
            }
        }

        int[] read(int y) {
            if (fractions == null) {
                raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, samples);
            } else {
                raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, fractions);
            }
            for (int b = 0; b < most.length; b++) {
                int turned = (inverted >> b & 1) * 255;
                for (int i = b; i < samples.length && (fractions != null || most[b] != 255 || turned != 0); i += most.length) {
                    samples[i] = to8Bits(i, most[b]) ^ turned;
                }
            }
            return samples;
        }

        private int to8Bits(int i, long max) {
            return fractions != null
                    ? (int) (Math.max(0, Math.min(1, fractions[i])) * 255 + 0.5f)
                    : (int) (((samples[i] & max) * 255 + max / 2) / max);
        }
    }

    /** The same samples, of which a raster with longer strides shows some. */
    static BufferedImage every(int step, int x, int y, BufferedImage image) {
        if (step == 1 && x == 0 && y == 0) {
            return image;
        }
        ComponentSampleModel all = (ComponentSampleModel) image.getSampleModel();
        int[] offsets = all.getBandOffsets();
        for (int b = 0; b < offsets.length; b++) {
            offsets[b] += y * all.getScanlineStride() + x * all.getPixelStride();
        }
        SampleModel some = new ComponentSampleModel(all.getDataType(), (image.getWidth() - x + step - 1) / step,
                (image.getHeight() - y + step - 1) / step, all.getPixelStride() * step, all.getScanlineStride() * step,
                all.getBankIndices(), offsets);
        return new BufferedImage(image.getColorModel(),
                Raster.createWritableRaster(some, image.getRaster().getDataBuffer(), null), image.isAlphaPremultiplied(), null);
    }

    private static int unmultiplied(int sample, int alpha) {
        return alpha == 0 ? 0 : Math.min(255, (sample * 255 + alpha / 2) / alpha);
    }

    private static Picture fromArgb(BufferedImage image, byte[] profile) {
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
                rgb[at++] = onWhite(rgbRow[i] & 0xFF, row[i / Picture.CHANNELS] >>> 24);
            }
        }
        return new Picture(width, image.getHeight(), rgb);
    }

    static byte onWhite(int sample, int alpha) {
        return (byte) ((sample * alpha + WHITE * (255 - alpha) + 127) / 255);
    }
}
