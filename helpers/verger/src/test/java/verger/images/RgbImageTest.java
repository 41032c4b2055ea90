package verger.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RgbImageTest {

    @ParameterizedTest
    @CsvSource({"64, 64", "17, 11", "40, 11", "17, 30", "1, 1", "39, 31"})
    void resizesToPillowsPixels(int width, int height) throws Exception {
        RgbImage expected = resource("pattern-" + width + "x" + height + "-pillow.png");

        assertThat(resource("pattern-40x30.png").resize(width, height)).isEqualTo(expected);
    }

    @Test
    void resizeToTheSameSizeIsTheSameImage() throws Exception {
        RgbImage image = resource("pattern-40x30.png");

        assertThat(image.resize(40, 30)).isSameAs(image);
    }

    @Test
    void decodesToTheSamplesThatWereEncoded() throws Exception {
        RgbImage image = RgbImage.decode(png(BufferedImage.TYPE_INT_RGB, new Color(200, 100, 50)));

        assertThat(pixel(image)).containsExactly(200, 100, 50);
    }

    @Test
    void greyStaysAsDarkAsItWas() throws Exception {
        BufferedImage grey = new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY);
        grey.getRaster().setSample(0, 0, 0, 100);

        assertThat(pixel(RgbImage.decode(TestImages.encode(grey, "png")))).containsExactly(100, 100, 100);
    }

    @Test
    void sixteenBitsKeepTheirHighByte() throws Exception {
        BufferedImage grey = new BufferedImage(2, 2, BufferedImage.TYPE_USHORT_GRAY);
        grey.getRaster().setSample(0, 0, 0, 0x80ff);

        assertThat(pixel(RgbImage.decode(TestImages.encode(grey, "png")))).containsExactly(0x80, 0x80, 0x80);
    }

    /** 65535 is 255: half a step, 128.5 of them, is 33024.5. */
    @Test
    void sixteenBitsAreRounded() throws Exception {
        BufferedImage grey = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
        grey.getRaster().setSample(0, 0, 0, 33_024);
        grey.getRaster().setSample(1, 0, 0, 33_025);

        RgbImage decoded = RgbImage.decode(TestImages.encode(grey, "png"));

        assertThat(decoded.sample(0, 0, 0)).isEqualTo(128);
        assertThat(decoded.sample(1, 0, 0)).isEqualTo(129);
    }

    @Test
    void transparentPixelsLieOnWhite() throws Exception {
        RgbImage clear = RgbImage.decode(png(BufferedImage.TYPE_INT_ARGB, new Color(255, 0, 0, 0)));
        RgbImage half = RgbImage.decode(png(BufferedImage.TYPE_INT_ARGB, new Color(255, 0, 0, 128)));

        assertThat(pixel(clear)).containsExactly(255, 255, 255);
        assertThat(pixel(half)).containsExactly(255, 127, 127);
    }

    @Test
    void paletteImagesDecode() throws Exception {
        BufferedImage indexed = new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_INDEXED);
        indexed.setRGB(0, 0, 0xff0000);

        assertThat(pixel(RgbImage.decode(TestImages.encode(indexed, "gif")))).containsExactly(255, 0, 0);
    }

    @Test
    void goesToJava2dAndBack() throws Exception {
        RgbImage image = resource("pattern-40x30.png");

        assertThat(RgbImage.decode(TestImages.encode(image.toBufferedImage(), "png"))).isEqualTo(image);
    }

    @Test
    void saysWhyAnImageCannotBeUsed() {
        byte[] jpeg = TestImages.jpeg(100, Color.RED);

        assertReason(null, "no content: the file was deleted after it was listed, or may not be read");
        assertReason(new byte[0], "empty file (0 bytes)");
        assertReason("a shopping list".getBytes(StandardCharsets.UTF_8),
                "not an image: none of JPEG, PNG, GIF, BMP, TIFF, WebP");
        assertReason(Arrays.copyOf(jpeg, jpeg.length / 2), "truncated image: the file ends before the picture does");
        assertReason(Arrays.copyOf(jpeg, 30), "truncated image: ");
        assertReason(TestImages.pngHeader(30_000, 30_000),
                "too large: 30000 × 30000 pixels take 2700 million samples of work, more than 2000 million");
    }

    @Test
    void halfAMegabyteDoesNotExhaustTheHeap() throws Exception {
        byte[] bomb = sixteenBitRgba(7900, 7900);
        assertThat(bomb.length).isLessThan(4_000_000);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        RgbImage image = RgbImage.decode(bomb);

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(200_000_000);
        assertThat(image.width()).isEqualTo(7900 / 3);
        assertThat(pixel(image)).containsExactly(255, 255, 255); // transparent
    }

    @Test
    void aPictureThatTakesTooMuchMemorySaysHowMuch() throws Exception {
        assertReason(sixteenBitRgba(64_000, 1000),
                "too large: 64000 × 1000 pixels take 706 MB to decode, more than 256 MB");
    }

    @ParameterizedTest
    @CsvSource({"2048, 2048, 2048", "4095, 4095, 4095", "4500, 4000, 4500", "4096, 4096, 2048", "15000, 3900, 7500"})
    void onlyVeryLargePicturesAreReadInSteps(int width, int height, int decodedWidth) throws Exception {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        image.setRGB(0, 0, 0x102030);

        RgbImage decoded = RgbImage.decode(TestImages.encode(image, "png"));

        assertThat(decoded.width()).isEqualTo(decodedWidth);
        assertThat(pixel(decoded)).containsExactly(0x10, 0x20, 0x30);
    }

    @Test
    void samplesThatAreNoPictureAreRefused() {
        assertThatThrownBy(() -> new RgbImage(4, 3, new byte[35])).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("35 samples do not make an RGB image of 4 × 3 pixels");
        assertThatThrownBy(() -> new RgbImage(4, 3, new byte[37])).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"40, 40, 30", "39, 39, 29", "20, 20, 15", "100, 40, 30", "1, 1, 1"})
    void fitsIntoASquare(int side, int width, int height) throws Exception {
        RgbImage image = resource("pattern-40x30.png").fit(side);

        assertThat(image.width()).isEqualTo(width);
        assertThat(image.height()).isEqualTo(height);
    }

    @Test
    void aLineOfPixelsStaysALine() {
        RgbImage line = new RgbImage(100, 1, new byte[300]);

        assertThat(line.fit(10)).isEqualTo(new RgbImage(10, 1, new byte[30]));
    }

    @Test
    void picturesAreEqualByTheirPixels() {
        RgbImage image = new RgbImage(2, 1, new byte[] {1, 2, 3, 4, 5, 6});

        assertThat(image).isEqualTo(new RgbImage(2, 1, new byte[] {1, 2, 3, 4, 5, 6}))
                .hasSameHashCodeAs(new RgbImage(2, 1, new byte[] {1, 2, 3, 4, 5, 6}))
                .hasToString("RgbImage(2 × 1)")
                .isNotEqualTo(new RgbImage(1, 2, new byte[] {1, 2, 3, 4, 5, 6}))
                .isNotEqualTo(new RgbImage(2, 1, new byte[] {1, 2, 3, 4, 5, 7}))
                .isNotEqualTo("RgbImage(2 × 1)");
        assertThat(image.hashCode()).isNotEqualTo(new RgbImage(2, 1, new byte[] {1, 2, 3, 4, 5, 7}).hashCode())
                .isNotEqualTo(new RgbImage(1, 2, new byte[] {1, 2, 3, 4, 5, 6}).hashCode());
    }

    private static void assertReason(byte[] content, String reason) {
        assertThatThrownBy(() -> RgbImage.decode(content))
                .isInstanceOf(UnusableImageException.class)
                .hasMessageStartingWith(reason);
    }

    /** Black and transparent, made row by row: as an image it would fill the heap of the test, too. */
    private static byte[] sixteenBitRgba(int width, int height) throws IOException {
        ByteArrayOutputStream pixels = new ByteArrayOutputStream();
        try (DeflaterOutputStream rows = new DeflaterOutputStream(pixels)) {
            byte[] row = new byte[1 + 8 * width];
            for (int y = 0; y < height; y++) {
                rows.write(row);
            }
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
        png.write(chunk("IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put(new byte[] {16, 6, 0, 0, 0}).array()));
        png.write(chunk("IDAT", pixels.toByteArray()));
        png.write(chunk("IEND", new byte[0]));
        return png.toByteArray();
    }

    private static byte[] chunk(String name, byte[] data) {
        ByteBuffer body = ByteBuffer.allocate(4 + data.length).put(name.getBytes(StandardCharsets.US_ASCII)).put(data);
        CRC32 crc = new CRC32();
        crc.update(body.array());
        return ByteBuffer.allocate(4 + body.capacity() + 4).putInt(data.length).put(body.array())
                .putInt((int) crc.getValue()).array();
    }

    private static byte[] png(int type, Color color) {
        BufferedImage image = new BufferedImage(2, 2, type);
        image.setRGB(0, 0, color.getRGB());
        return TestImages.encode(image, "png");
    }

    private static int[] pixel(RgbImage image) {
        return new int[] {image.sample(0, 0, 0), image.sample(0, 0, 1), image.sample(0, 0, 2)};
    }

    private static RgbImage resource(String name) throws IOException, UnusableImageException {
        try (var in = RgbImageTest.class.getResourceAsStream("/images/" + name)) {
            return RgbImage.decode(in.readAllBytes());
        }
    }
}
