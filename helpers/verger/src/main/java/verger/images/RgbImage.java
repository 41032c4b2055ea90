package verger.images;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.function.Function;
import verger.images.decoding.Decoder;
import verger.images.decoding.Picture;
import verger.images.decoding.UndecodableException;

/**
 * A decoded photograph: 8 bits a channel, red, green, blue, rows from the top.
 */
public final class RgbImage {

    /** Changes when a photograph comes to give other pixels than before: features of another number are made anew. */
    public static final int DECODING = 3;

    /** The number of channels of a pixel: red, green, blue. */
    public static final int CHANNELS = 3;

    private final int width;
    private final int height;
    private final byte[] samples;

    /**
     * @param samples {@code height × width × 3} samples, red, green, blue; kept, not copied
     */
    RgbImage(int width, int height, byte[] samples) {
        if (samples.length != width * height * CHANNELS) {
            throw new IllegalArgumentException(
                    samples.length + " samples do not make an RGB image of " + width + " × " + height + " pixels");
        }
        this.width = width;
        this.height = height;
        this.samples = samples;
    }

    /**
     * Decodes the bytes of an image file: JPEG, PNG, GIF, BMP, TIFF or WebP, whatever its name is.
     *
     * <p>Transparent pixels are laid on white. The picture is turned as its orientation says (Exif, tag 274 of a TIFF) and has
     * the colours that its profile says; metadata that is damaged counts as none. Of an image with a shorter side of 4096 pixels
     * or more, every second pixel is read, or fewer: what is left has 2048 pixels or more, or 1024 where it would take more than
     * 256 MB (a panorama). One that would take too much work or memory is refused before it is decoded; a large one waits until
     * others of this JVM are done.
     *
     * @param content the whole file, or what {@link Images#read} gives for one that it could not read; null
     *                where there is none
     * @throws UnusableImageException with the reason, if this is no image, a broken one, or one too large for a task
     */
    public static RgbImage decode(byte[] content) throws UnusableImageException {
        return decode(content, image -> image);
    }

    /**
     * Decodes an image and uses it while its memory counts as taken: for what makes something smaller of it at once.
     *
     * @param content as for {@link #decode(byte[])}
     * @param use     makes something of the image; it decodes no other
     * @throws UnusableImageException likewise
     */
    public static <T> T decode(byte[] content, Function<RgbImage, T> use) throws UnusableImageException {
        checkRead(content);
        try {
            return Decoder.decode(content, picture -> use.apply(new RgbImage(picture)));
        } catch (UndecodableException e) {
            throw new UnusableImageException(e.getMessage());
        }
    }

    /** @throws UnusableImageException with the reason why there are no bytes of a file */
    static void checkRead(byte[] content) throws UnusableImageException {
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
    }

    private RgbImage(Picture picture) {
        this(picture.width(), picture.height(), picture.rgb());
    }

    /** Returns the width in pixels. */
    public int width() {
        return width;
    }

    /** Returns the height in pixels. */
    public int height() {
        return height;
    }

    /**
     * Returns one sample.
     *
     * @param channel 0 red, 1 green, 2 blue
     * @return 0 … 255
     */
    public int sample(int x, int y, int channel) {
        return samples[(y * width + x) * CHANNELS + channel] & 0xff;
    }

    /** Returns this image at another size, by bilinear resampling as Pillow's {@code BILINEAR}: antialiased where it shrinks. */
    public RgbImage resize(int newWidth, int newHeight) {
        return newWidth == width && newHeight == height
                ? this
                : new RgbImage(newWidth, newHeight, Bilinear.resize(samples, width, height, newWidth, newHeight));
    }

    /** Returns this image with a longer side of at most {@code side} pixels; a small image is not enlarged. */
    public RgbImage fit(int side) {
        double scale = Math.min(1, (double) side / Math.max(width, height));
        return resize(scaled(width, scale), scaled(height, scale));
    }

    private static int scaled(int length, double scale) {
        return Math.max(1, (int) Math.round(length * scale));
    }

    /** Returns the same picture as an image of Java2D. */
    public BufferedImage toBufferedImage() {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, sample(x, y, 0) << 16 | sample(x, y, 1) << 8 | sample(x, y, 2));
            }
        }
        return image;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RgbImage that
                && width == that.width && height == that.height && Arrays.equals(samples, that.samples);
    }

    @Override
    public int hashCode() {
        return 31 * width + Arrays.hashCode(samples);
    }

    @Override
    public String toString() {
        return "RgbImage(" + width + " × " + height + ")";
    }
}
