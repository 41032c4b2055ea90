package verger.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.function.IntBinaryOperator;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pictures of many kinds give the pixels that were put into them. The files are made by {@code images/formats/make.py} with
 * Pillow and tifffile; all but a few show one ramp, which is computed here again.
 */
class PictureFormatsTest {

    private static final int WIDTH = 19;
    private static final int HEIGHT = 13;
    private static final int[] BLACK = {0, 0, 0};
    private static final int[] WHITE = {255, 255, 255};

    @ParameterizedTest
    @ValueSource(strings = {"strips", "lzw", "deflate-predictor", "packbits", "tiles", "planes", "16-bits-le", "16-bits-be",
        "floats"})
    void aTiffGivesTheSamplesThatWereWritten(String name) throws Exception {
        assertThat(decoded(name + ".tif")).isEqualTo(picture((x, y) -> rgb(red(x), green(y), blue(x, y))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"grey", "white-is-zero"})
    void aGreyTiffIsAsDarkAsItWas(String name) throws Exception {
        assertThat(decoded(name + ".tif")).isEqualTo(picture((x, y) -> rgb(blue(x, y), blue(x, y), blue(x, y))));
    }

    /** Pillow's grey of a colour, (19595 r + 38470 g + 7471 b + 32768) / 65536, is white from 128 on. */
    @Test
    void aFaxIsBlackAndWhite() throws Exception {
        assertThat(decoded("fax.tif")).isEqualTo(
                picture((x, y) -> 19595 * red(x) + 38470 * green(y) + 7471 * blue(x, y) + 32768 >> 16 >= 128 ? 0xffffff : 0));
    }

    @Test
    void aTransparentTiffLiesOnWhite() throws Exception {
        assertThat(decoded("alpha.tif")).isEqualTo(picture((x, y) -> rgb(
                onWhite(red(x), red(x)), onWhite(green(y), red(x)), onWhite(blue(x, y), red(x)))));
    }

    @Test
    void aTransparentGreyPictureLiesOnWhite() throws Exception {
        assertThat(decoded("grey-alpha.png")).isEqualTo(picture((x, y) -> {
            int grey = onWhite(blue(x, y), red(x));
            return rgb(grey, grey, grey);
        }));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gif", "png"})
    void theTransparentColourOfAPaletteLiesOnWhite(String format) throws Exception {
        byte[] reds = {(byte) 200, 10};
        byte[] others = {0, 20};
        IndexColorModel palette = new IndexColorModel(1, 2, reds, others, others, 1);
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY, palette);
        image.getRaster().setSample(1, 0, 0, 1);

        RgbImage decoded = RgbImage.decode(TestImages.encode(image, format));

        assertThat(pixel(decoded, 0, 0)).containsExactly(200, 0, 0);
        assertThat(pixel(decoded, 1, 0)).containsExactly(WHITE);
    }

    /** Beside each of these lie the pixels that Pillow reads in it. */
    @ParameterizedTest
    @ValueSource(strings = {"444.jpg", "420.jpg", "progressive.jpg", "grey.jpg", "jpeg.tif"})
    void aJpegGivesThePixelsThatPillowReads(String name) throws Exception {
        BufferedImage pillow = ImageIO.read(new ByteArrayInputStream(file(name + ".png")));

        assertThat(decoded(name)).isEqualTo(picture(pillow::getRGB));
    }

    /** The samples of these are proportional to light, as their profile says, those of sRGB are not (IEC 61966-2-1). */
    @Test
    void coloursAreThoseOfTheProfile() throws Exception {
        RgbImage tiff = decoded("profile.tif");
        RgbImage jpeg = decoded("profile.jpg");
        BufferedImage samples = ImageIO.read(new ByteArrayInputStream(file("444.jpg.png")));
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                assertPixel(tiff, x, y, rgb(red(x), green(y), blue(x, y)));
                assertPixel(jpeg, x, y, samples.getRGB(x, y));
            }
        }
    }

    private static void assertPixel(RgbImage image, int x, int y, int linear) {
        for (int c = 0; c < RgbImage.CHANNELS; c++) {
            double light = (linear >> 16 - 8 * c & 0xff) / 255.0;
            double expected = 255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * Math.pow(light, 1 / 2.4) - 0.055);
            assertThat((double) image.sample(x, y, c)).as("channel %d at %d, %d", c, x, y).isCloseTo(expected, within(2.0));
        }
    }

    /** How dark half the ink is, is another question. */
    @Test
    void paperIsWhiteAndAllTheInkIsBlack() throws Exception {
        RgbImage image = decoded("cmyk.jpg");

        assertThat(image.width()).isEqualTo(48);
        assertThat(pixel(image, 4, 8)).containsExactly(WHITE);
        assertThat(pixel(image, 24, 8)).containsExactly(BLACK);
        assertThat(pixel(image, 44, 8)).containsExactly(BLACK);
    }

    private static int red(int x) {
        return x * 255 / (WIDTH - 1);
    }

    private static int green(int y) {
        return y * 255 / (HEIGHT - 1);
    }

    private static int blue(int x, int y) {
        return (x * 7 + y * 11) % 256;
    }

    private static int rgb(int red, int green, int blue) {
        return red << 16 | green << 8 | blue;
    }

    private static int onWhite(int sample, int alpha) {
        return (int) Math.round((sample * alpha + 255.0 * (255 - alpha)) / 255);
    }

    private static RgbImage picture(IntBinaryOperator rgb) {
        byte[] samples = new byte[WIDTH * HEIGHT * RgbImage.CHANNELS];
        int at = 0;
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                int pixel = rgb.applyAsInt(x, y);
                samples[at++] = (byte) (pixel >> 16);
                samples[at++] = (byte) (pixel >> 8);
                samples[at++] = (byte) pixel;
            }
        }
        return new RgbImage(WIDTH, HEIGHT, samples);
    }

    private static int[] pixel(RgbImage image, int x, int y) {
        return new int[] {image.sample(x, y, 0), image.sample(x, y, 1), image.sample(x, y, 2)};
    }

    private static RgbImage decoded(String name) throws IOException, UnusableImageException {
        return RgbImage.decode(file(name));
    }

    private static byte[] file(String name) throws IOException {
        try (var in = PictureFormatsTest.class.getResourceAsStream("/images/formats/" + name)) {
            return in.readAllBytes();
        }
    }
}
