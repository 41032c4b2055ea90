package verger.images.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntBinaryOperator;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import verger.images.TestImages;

/** Pictures that are odd and whole have the pixels that other programs see. Files come from {@code images/formats/make.py}. */
class OddPicturesTest {

    private static final int WIDTH = 19;
    private static final int HEIGHT = 13;

    @Test
    void aGreyProfileOfAColourJpegIsIgnored() throws Exception {
        byte[] grey = ICC_Profile.getInstance(ColorSpace.CS_GRAY).getData();

        assertThat(Decoder.decode(MadeFiles.withSegments(file("444.jpg"), MadeFiles.profile(grey))))
                .usingRecursiveComparison().isEqualTo(pillow("444.jpg"));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 20, 100, 200, 400})
    void aDamagedProfileIsIgnored(int damaged) throws Exception {
        byte[] srgb = ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();
        Arrays.fill(srgb, damaged, damaged + 60, (byte) 0x7e);

        assertThat(Decoder.decode(MadeFiles.withSegments(file("444.jpg"), MadeFiles.profile(srgb))).width()).isEqualTo(WIDTH);
        assertThat(Decoder.decode(MadeFiles.withSegments(file("444.jpg"),
                MadeFiles.profile(Arrays.copyOf(srgb, 100)), MadeFiles.segment(0xE2, new byte[1]))))
                .usingRecursiveComparison().isEqualTo(pillow("444.jpg"));
    }

    /** Half of one ink leaves half the light of its colour (plain inks; SWOP says 148). */
    @ParameterizedTest
    @ValueSource(strings = {"half-inks.jpg", "inks.tif"})
    void halfTheInkLeavesHalfTheLight(String name) throws Exception {
        Picture image = Decoder.decode(file(name));

        assertClose(image, 8, 8, 127, 127, 127);
        assertClose(image, 24, 8, 127, 127, 127);
        assertClose(image, 40, 8, 127, 255, 255);
    }

    /**
     * The same bytes, 127, as luma and as colour differences, which are one below neutral. They are ink: of cyan 127 − 1.402,
     * of magenta 127 + 0.344 + 0.714, of yellow 127 − 1.772, and 255 less that is light.
     */
    @Test
    void inksThatAreStoredAsLumaAreConverted() throws Exception {
        byte[] jpeg = file("half-inks.jpg");
        int adobe = indexOf(jpeg, "Adobe");
        jpeg[adobe + 11] = 2;

        Picture image = Decoder.decode(jpeg);

        assertClose(image, 24, 8, 129, 127, 130);
    }

    @ParameterizedTest
    @CsvSource({"turned.tif, 6", "turned-tiles.tif, 3", "turned.png, 6", "turned.webp, 6"})
    void aPictureStandsAsItsTagSays(String name, int orientation) throws Exception {
        Picture upright = ramp();
        Picture image = Decoder.decode(file(name));

        assertThat(image.width()).isEqualTo(orientation == 6 ? HEIGHT : WIDTH);
        assertThat(Decoder.size(file(name))).containsExactly(image.width(), image.height());
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                // 6: the first row is on the right, the first column on top; 3: all the other way round
                int[] seen = orientation == 6 ? pixel(image, HEIGHT - 1 - y, x) : pixel(image, WIDTH - 1 - x, HEIGHT - 1 - y);
                assertThat(seen).containsExactly(pixel(upright, x, y));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"3, BIG_ENDIAN", "4, BIG_ENDIAN", "4, LITTLE_ENDIAN"})
    void theOrientationOfAJpegIsFoundBehindFillBytesAndAsALong(int type, String order) throws Exception {
        byte[] exif = MadeFiles.exif(6, type, order.equals("BIG_ENDIAN") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        byte[] named =
                ByteBuffer.allocate(6 + exif.length).put("Exif\0\0".getBytes(StandardCharsets.US_ASCII)).put(exif).array();

        byte[] jpeg = MadeFiles.withSegments(file("444.jpg"), new byte[] {-1, -1, -1}, MadeFiles.segment(0xE1, named));

        assertThat(Decoder.size(jpeg)).containsExactly(HEIGHT, WIDTH);
        assertThat(Decoder.decode(jpeg).width()).isEqualTo(HEIGHT);
    }

    @Test
    void associatedAlphaCountsOnce() throws Exception {
        Picture image = Decoder.decode(file("associated-alpha.tif"));

        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                int alpha = x * 255 / (WIDTH - 1);
                int[] colours = pixel(ramp(), x, y);
                for (int c = 0; c < 3; c++) {
                    double expected = (colours[c] * alpha + 255.0 * (255 - alpha)) / 255;
                    assertThat((double) pixel(image, x, y)[c]).isCloseTo(expected, within(1.01));
                }
            }
        }
    }

    @Test
    void aSampleThatIsSaidToBeNothingIsNoTransparency() throws Exception {
        assertThat(Decoder.decode(file("unspecified-extra.tif"))).usingRecursiveComparison().isEqualTo(ramp());
    }

    /** The samples are proportional to light, as the profile says, those of sRGB are not (IEC 61966-2-1). */
    @ParameterizedTest
    @ValueSource(strings = {"profile.png", "profile.tif", "profile.webp"})
    void theProfileCountsInEveryFormat(String name) throws Exception {
        Picture image = Decoder.decode(file(name));

        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                for (int c = 0; c < 3; c++) {
                    double light = pixel(ramp(), x, y)[c] / 255.0;
                    double expected = 255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * Math.pow(light, 1 / 2.4) - 0.055);
                    assertThat((double) pixel(image, x, y)[c]).isCloseTo(expected, within(2.0));
                }
            }
        }
    }

    /** As libjpeg takes it, and so Pillow and browsers: the JDK takes it for RGB. */
    @Test
    void aJpegWithoutMarkersIsLumaAndColour() throws Exception {
        byte[] jpeg = file("444.jpg");
        byte[] bare = new byte[jpeg.length - 18];
        bare[0] = jpeg[0];
        bare[1] = jpeg[1];
        System.arraycopy(jpeg, 20, bare, 2, jpeg.length - 20); // without JFIF's segment
        for (int i = 0; i + 1 < bare.length; i++) {
            if (bare[i] == (byte) 0xFF && (bare[i + 1] == (byte) 0xC0 || bare[i + 1] == (byte) 0xDA)) {
                int first = bare[i + 1] == (byte) 0xC0 ? i + 10 : i + 5;
                int each = bare[i + 1] == (byte) 0xC0 ? 3 : 2;
                for (int c = 0; c < 3; c++) {
                    bare[first + each * c] = (byte) c;
                }
            }
        }

        assertThat(Decoder.decode(bare)).usingRecursiveComparison().isEqualTo(pillow("444.jpg"));
    }

    @Test
    void aGifHasTheSizeOfItsScreen() throws Exception {
        BufferedImage frame = new BufferedImage(40, 30, BufferedImage.TYPE_BYTE_INDEXED);
        frame.setRGB(0, 0, 0xff0000);
        byte[] gif = TestImages.encode(frame, "gif");
        ByteBuffer bytes = ByteBuffer.wrap(gif).order(ByteOrder.LITTLE_ENDIAN).putShort(6, (short) 96).putShort(8, (short) 64);
        int descriptor = 13 + 256 * 3;
        while (gif[descriptor] != 0x2C) {
            descriptor++;
        }
        bytes.putShort(descriptor + 1, (short) 20).putShort(descriptor + 3, (short) 10);

        Picture image = Decoder.decode(gif);

        assertThat(new int[] {image.width(), image.height()}).containsExactly(96, 64);
        assertThat(pixel(image, 20, 10)).containsExactly(255, 0, 0);
        assertThat(pixel(image, 21, 10)).containsExactly(0, 0, 0);
        assertThat(pixel(image, 19, 10)).containsExactly(255, 255, 255);
        assertThat(pixel(image, 60, 10)).containsExactly(255, 255, 255);
        assertThat(pixel(image, 59, 39)).containsExactly(0, 0, 0);
        assertThat(pixel(image, 59, 40)).containsExactly(255, 255, 255);
    }

    /** Of a canvas in steps of three the pixels 1, 4, 7 … are wanted, wherever the frame begins. */
    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "2, 1", "3, 1", "4, 1", "5, 2", "7, 2", "8, 3"})
    void aFrameKeepsItsPlaceWhereACanvasIsReadInSteps(int start, int first) throws Exception {
        Frame frame = new Frame(start, 0, 2, 3);
        Picture canvas = frame.onCanvas(12, 3, 3, (x, y) -> new Picture(1, 1, new byte[] {0, 0, (byte) (start + x)}));

        assertThat(canvas.width()).isEqualTo(4);
        for (int i = 0; i < 4; i++) {
            int column = 3 * i + 1;
            boolean inside = column >= start && column < start + 2;
            assertThat(pixel(canvas, i, 0)[2]).as("column %d, first of the frame %d", column, first)
                    .isEqualTo(inside ? column : 255);
        }
    }

    @Test
    void aLosslessWebpGivesTheSamplesThatWereWritten() throws Exception {
        assertThat(Decoder.decode(file("lossless.webp"))).usingRecursiveComparison().isEqualTo(ramp());
    }

    @ParameterizedTest
    @CsvSource({"alpha.webp, 0", "lossy-alpha.webp, 40"})
    void aTransparentWebpLiesOnWhite(String name, int within) throws Exception {
        Picture image = Decoder.decode(file(name));

        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                int alpha = x * 255 / (WIDTH - 1);
                int[] colours = pixel(ramp(), x, y);
                for (int c = 0; c < (within == 0 ? 3 : 1); c++) {
                    double expected = (colours[c] * alpha + 255.0 * (255 - alpha)) / 255;
                    assertThat((double) pixel(image, x, y)[c]).as("%d, %d", x, y).isCloseTo(expected, within(within + 0.51));
                }
            }
        }
    }

    /**
     * Near, as TwelveMonkeys 3.14 predicts blocks from pixels that are smoothed already (mended in 3.15, pull request 1315): with
     * that, 2 will do.
     */
    @Test
    void aLossyWebpIsNearThePixelsThatPillowReads() throws Exception {
        Picture image = Decoder.decode(file("lossy.webp"));
        Picture pillow = pillow("lossy.webp");

        long difference = 0;
        for (int i = 0; i < pillow.rgb().length; i++) {
            difference += Math.abs((image.rgb()[i] & 0xFF) - (pillow.rgb()[i] & 0xFF));
        }
        assertThat(image.rgb()).hasSameSizeAs(pillow.rgb());
        assertThat((double) difference / pillow.rgb().length).isLessThan(6);
    }

    @Test
    void ofAMovingWebpTheFirstFrameLiesOnItsCanvas() throws Exception {
        byte[] pixels = MadeFiles.webpPixels(2, 1, new int[] {0xff102030, 0xff405060});
        byte[] frame = ByteBuffer.allocate(16 + 8 + pixels.length + pixels.length % 2)
                .put(new byte[] {1, 0, 0, 2, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0})
                .put(MadeFiles.riffChunk("VP8L", pixels)).array();

        Picture image = Decoder.decode(MadeFiles.riff(
                MadeFiles.riffChunk("VP8X", new byte[] {2, 0, 0, 0, 5, 0, 0, 6, 0, 0}),
                MadeFiles.riffChunk("ANIM", new byte[6]), MadeFiles.riffChunk("ANMF", frame)));

        assertThat(new int[] {image.width(), image.height()}).containsExactly(6, 7);
        assertThat(pixel(image, 2, 4)).containsExactly(0x10, 0x20, 0x30);
        assertThat(pixel(image, 3, 4)).containsExactly(0x40, 0x50, 0x60);
        assertThat(pixel(image, 4, 4)).containsExactly(255, 255, 255);
        assertThat(pixel(image, 2, 3)).containsExactly(255, 255, 255);
    }

    /** In steps of three the pixels 1, 4, 7 … are wanted. */
    @Test
    void aLargeWebpIsReadInSteps() throws Exception {
        int side = 41;
        int[] argb = new int[side * side];
        for (int i = 0; i < argb.length; i++) {
            argb[i] = 0xff000000 | i % side << 8 | i / side;
        }
        byte[] webp = MadeFiles.riff(MadeFiles.riffChunk("VP8L", MadeFiles.webpPixels(side, side, argb)));
        try (PictureFile file = Decoder.opened(webp)) {
            Picture image = file.read(3);

            assertThat(new int[] {image.width(), image.height()}).containsExactly(14, 14);
            for (int at = 0; at < 14; at++) {
                assertThat(pixel(image, at, 13 - at)).containsExactly(0, 3 * at + 1, 3 * (13 - at) + 1);
            }
        }
    }

    /** 64 megapixels of a phone, 108 and 200 of others, in a line of zeros. */
    @ParameterizedTest
    @CsvSource({"9248, 6936, 3083", "12000, 9000, 3000", "16320, 12240, 3264"})
    void aJpegOfTodaysPhonesIsReadInSteps(int width, int height, int kept) throws Exception {
        Picture image = Decoder.decode(MadeFiles.jpeg(width, height, 3, 2, 0));

        assertThat(image.width()).isEqualTo(kept);
        assertThat(pixel(image, kept / 2, 1000)).containsExactly(128, 128, 128);
    }

    @Test
    void aProgressiveJpegIsRead() throws Exception {
        Picture image = Decoder.decode(MadeFiles.jpeg(500, 300, 3, 2, 4));

        assertThat(new int[] {image.width(), image.height()}).containsExactly(500, 300);
        assertThat(pixel(image, 499, 299)).containsExactly(128, 128, 128);
    }

    /** RGB with one colour that stands for nothing (tRNS). */
    @Test
    void theTransparentColourOfAnRgbPngLiesOnWhite() throws Exception {
        byte[] plain = TestImages.encode(new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB), "png");
        int data = indexOf(plain, "IDAT") - 4;
        byte[] chunk = MadeFiles.chunk("tRNS", new byte[6]);
        byte[] png = ByteBuffer.allocate(plain.length + chunk.length).put(plain, 0, data).put(chunk)
                .put(plain, data, plain.length - data).array();

        assertThat(pixel(Decoder.decode(png), 1, 0)).containsExactly(255, 255, 255);
    }

    @Test
    void aBmpThatHoldsAPictureOfAnotherKindIsNamed() {
        assertThatThrownBy(() -> Decoder.decode(MadeFiles.bmp(100, 100, 4, 500)))
                .hasMessage("unsupported: a BMP that holds a JPEG or a PNG; save it as one of them");
    }

    private static void assertClose(Picture image, int x, int y, int... rgb) {
        for (int c = 0; c < 3; c++) {
            assertThat(pixel(image, x, y)[c]).as("%d, %d", x, y).isCloseTo(rgb[c], within(2));
        }
    }

    private static Picture ramp() {
        return picture(WIDTH, HEIGHT,
                (x, y) -> x * 255 / (WIDTH - 1) << 16 | y * 255 / (HEIGHT - 1) << 8 | (x * 7 + y * 11) % 256);
    }

    private static Picture pillow(String name) throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(file(name + ".png")));
        return picture(image.getWidth(), image.getHeight(), image::getRGB);
    }

    private static Picture picture(int width, int height, IntBinaryOperator rgb) {
        byte[] samples = new byte[width * height * 3];
        for (int i = 0; i < width * height; i++) {
            int pixel = rgb.applyAsInt(i % width, i / width);
            samples[3 * i] = (byte) (pixel >> 16);
            samples[3 * i + 1] = (byte) (pixel >> 8);
            samples[3 * i + 2] = (byte) pixel;
        }
        return new Picture(width, height, samples);
    }

    private static int[] pixel(Picture image, int x, int y) {
        int at = (y * image.width() + x) * 3;
        return new int[] {image.rgb()[at] & 0xFF, image.rgb()[at + 1] & 0xFF, image.rgb()[at + 2] & 0xFF};
    }

    private static int indexOf(byte[] bytes, String text) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
    }

    private static byte[] file(String name) throws IOException {
        try (var in = OddPicturesTest.class.getResourceAsStream("/images/formats/" + name)) {
            return in.readAllBytes();
        }
    }
}
