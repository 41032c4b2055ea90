package verger.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RgbImageTest {

    @ParameterizedTest
    @CsvSource({"64, 64", "17, 11"})
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
        assertReason("a shopping list".getBytes(StandardCharsets.UTF_8), "not an image: none of JPEG, PNG, GIF, BMP, TIFF");
        assertReason(Arrays.copyOf(jpeg, jpeg.length / 2), "truncated image: the file ends before the picture does");
        assertReason(Arrays.copyOf(jpeg, 30), "broken image: ");
        assertReason(pngHeader(20_000, 20_000), "too large: 20000 × 20000 pixels, more than 64 megapixels");
    }

    private static void assertReason(byte[] content, String reason) {
        assertThatThrownBy(() -> RgbImage.decode(content))
                .isInstanceOf(UnusableImageException.class)
                .hasMessageStartingWith(reason);
    }

    /** A PNG that says its size and holds nothing: enough to blow up a decoder that believes it. */
    private static byte[] pngHeader(int width, int height) {
        ByteBuffer header = ByteBuffer.allocate(17).put("IHDR".getBytes(StandardCharsets.US_ASCII))
                .putInt(width).putInt(height).put(new byte[] {8, 2, 0, 0, 0});
        CRC32 crc = new CRC32();
        crc.update(header.array());
        return ByteBuffer.allocate(8 + 4 + 17 + 4).put(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10})
                .putInt(13).put(header.array()).putInt((int) crc.getValue()).array();
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
