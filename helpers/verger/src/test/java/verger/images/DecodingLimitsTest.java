package verger.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is too large or broken is refused with a reason, before it takes memory, and what just fits is read. */
class DecodingLimitsTest {

    private static final int ROWS_OF_A_STRIP = 64;

    /** A reader unpacks a strip whole: 5700 × 5700 × 8 bytes, and 1140² pixels of 8 + 3 bytes that are kept. */
    @Test
    void theOnlyStripOfATiffCountsAsMemory() throws Exception {
        byte[] file = tiff(5700, 5700, 5700, null);

        assertThat(ImageSize.of(file)).isEqualTo(new ImageSize(5700, 5700));
        assertReason(file, "too large: 5700 × 5700 pixels take 274 MB to decode, more than 256 MB");
    }

    @Test
    void theSameTiffInManyStripsIsRead() throws Exception {
        RgbImage image = RgbImage.decode(tiff(5700, 5700, ROWS_OF_A_STRIP, deflated(5700 * ROWS_OF_A_STRIP * 8)));

        assertThat(image.width()).isEqualTo(5700 / 2);
        assertThat(image.sample(1000, 1000, 0)).isEqualTo(255); // all of it is transparent
    }

    /** In steps of 2 it would take 194 MB of strip and 67 MB of pixels, in steps of 3 it takes 30 MB of pixels. */
    @Test
    void aLargeStripLeavesLessRoomForPixels() throws Exception {
        int width = 5900;
        int height = 4100;

        RgbImage image = RgbImage.decode(tiff(width, height, height, deflated(8L * width * height)));

        assertThat(image.width()).isEqualTo((width + 1) / 3);
    }

    /** Half the side that a photograph keeps, 1024 pixels, is the least. */
    @Test
    void aPanoramaIsCutToHalfTheSideAtMost() throws Exception {
        assertReason(tiff(31_000, 2047, ROWS_OF_A_STRIP, null), "too large: 31000 × 2047 pixels take 713 MB");
        assertThat(RgbImage.decode(tiff(31_000, 2048, ROWS_OF_A_STRIP, null)).height()).isEqualTo(1024);
    }

    @Test
    void ofEveryThreePixelsTheMiddleOneIsRead() throws Exception {
        BufferedImage image = new BufferedImage(6144, 6144, BufferedImage.TYPE_BYTE_BINARY);
        image.getRaster().setSample(1, 1, 0, 1);

        RgbImage decoded = RgbImage.decode(TestImages.encode(image, "png"));

        assertThat(decoded.width()).isEqualTo(2048);
        assertThat(decoded.sample(0, 0, 0)).isEqualTo(255);
    }

    /** A reader fills such a picture up with grey, or with what it takes the wrong bits for, and only warns. */
    @Test
    void aJpegWithWrongBitsIsBroken() {
        byte[] jpeg = TestImages.jpeg(100, Color.RED);
        Arrays.fill(jpeg, 1397, 1405, (byte) 0x7f);

        assertReason(jpeg, "broken image: Corrupt JPEG data: bad Huffman code");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tr", "ja", "ar"})
    void reasonsDoNotDependOnTheLanguage(String language) throws Exception {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag(language));
        try {
            byte[] jpeg = TestImages.jpeg(100, Color.RED);
            assertReason(Arrays.copyOf(jpeg, jpeg.length / 2), "truncated image: the file ends before the picture does");
            assertReason(tiff(5700, 5700, 5700, null),
                    "too large: 5700 × 5700 pixels take 274 MB to decode, more than 256 MB");
            assertReason(TestImages.pngHeader(30_000, 30_000),
                    "too large: 30000 × 30000 pixels take 2700 million samples of work, more than 2000 million");
        } finally {
            Locale.setDefault(before);
        }
    }

    /** A reader throws nearly anything at a file that is cut short; what comes out is a picture or a sentence. */
    @ParameterizedTest
    @ValueSource(strings = {"jpg", "png", "gif", "bmp", "tif"})
    void aFileThatIsCutShortAnywhereHasAReason(String format) {
        BufferedImage image = new BufferedImage(9, 7, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 63; i++) {
            image.setRGB(i % 9, i / 9, i * 70_000);
        }
        byte[] file = TestImages.encode(image, format);
        int decoded = 0;
        for (int length = 0; length < file.length; length++) {
            try {
                assertThat(RgbImage.decode(Arrays.copyOf(file, length)).width()).isEqualTo(9);
                decoded++;
            } catch (UnusableImageException e) {
                assertThat(e.getMessage()).as("%d bytes of %s", length, format)
                        .matches("(empty file|not an image|truncated image|broken image): ?.+|empty file \\(0 bytes\\)")
                        .doesNotContain("null)").isNotEqualTo("broken image: null");
            }
        }
        assertThat(decoded).as("only ends that hold no pixels can be missed").isLessThan(30);
    }

    private static void assertReason(byte[] content, String reason) {
        assertThatThrownBy(() -> RgbImage.decode(content))
                .isInstanceOf(UnusableImageException.class).hasMessageStartingWith(reason);
    }

    private static byte[] deflated(long zeros) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(out, new Deflater(Deflater.BEST_SPEED))) {
            byte[] some = new byte[1 << 16];
            for (long left = zeros; left > 0; left -= some.length) {
                deflater.write(some, 0, (int) Math.min(left, some.length));
            }
        }
        return out.toByteArray();
    }

    /** A TIFF of 16-bit RGBA whose strips are all the same bytes; null for a file that says all this and holds nothing. */
    private static byte[] tiff(int width, int height, int rowsOfAStrip, byte[] strip) {
        int strips = (height + rowsOfAStrip - 1) / rowsOfAStrip;
        int length = strip == null ? 0 : strip.length;
        int[][] tags = {{256, 4, 1, width}, {257, 4, 1, height}, {258, 3, 4, 0}, {259, 3, 1, 8}, {262, 3, 1, 2},
            {273, 4, strips, 0}, {277, 3, 1, 4}, {278, 4, 1, rowsOfAStrip}, {279, 4, strips, 0}, {338, 3, 1, 2}};
        int bits = 8 + 2 + 12 * tags.length + 4;
        int offsets = bits + 8;
        int lengths = offsets + 4 * strips;
        int data = lengths + 4 * strips;
        tags[2][3] = bits;
        tags[5][3] = strips == 1 ? data : offsets;
        tags[8][3] = strips == 1 ? length : lengths;
        ByteBuffer file = ByteBuffer.allocate(data + length).order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8).putShort((short) tags.length);
        for (int[] tag : tags) {
            file.putShort((short) tag[0]).putShort((short) tag[1]).putInt(tag[2]).putInt(tag[3]);
        }
        file.putInt(0);
        for (int i = 0; i < 4; i++) {
            file.putShort((short) 16);
        }
        for (int i = 0; i < strips; i++) {
            file.putInt(data);
        }
        for (int i = 0; i < strips; i++) {
            file.putInt(length);
        }
        return strip == null ? file.array() : file.put(strip).array();
    }
}
