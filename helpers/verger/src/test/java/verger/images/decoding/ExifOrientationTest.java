package verger.images.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import verger.images.ImageSize;
import verger.images.RgbImage;
import verger.images.TestImages;

class ExifOrientationTest {

    /** The tag names the side of the scene that the stored first row and the stored first column show. */
    @ParameterizedTest(name = "{0}: first row is the {1}, first column the {2}")
    @CsvSource({
        "1, top, left", "2, top, right", "3, bottom, right", "4, bottom, left",
        "5, left, top", "6, right, top", "7, right, bottom", "8, left, bottom"})
    void thePictureStandsAsTheCameraWasHeld(int orientation, String row, String column) throws Exception {
        // Stored: red along the first row, green along the first column but for the corner that is red.
        BufferedImage stored = new BufferedImage(96, 64, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 64; y++) {
            for (int x = 0; x < 96; x++) {
                stored.setRGB(x, y, y < 16 ? 0xff0000 : x < 16 ? 0x00ff00 : 0x0000ff);
            }
        }
        for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
            byte[] file = withTag(TestImages.encode(stored, "jpg"), orientation, order);
            RgbImage image = RgbImage.decode(file);

            assertThat(ImageSize.of(file)).isEqualTo(new ImageSize(image.width(), image.height()));
            assertThat(image.width()).isEqualTo(orientation < 5 ? 96 : 64);
            assertThat(brightAt(image, row, 0)).as("red at the " + row).isGreaterThan(200);
            assertThat(brightAt(image, column, 1)).as("green at the " + column).isGreaterThan(200);
        }
    }

    @Test
    void aBrokenTagIsNoTag() throws Exception {
        byte[] jpeg = TestImages.jpeg(64, Color.RED);
        byte[] odd = withTag(jpeg, 9, ByteOrder.BIG_ENDIAN);
        assertThat(RgbImage.decode(odd)).isEqualTo(RgbImage.decode(jpeg));
        byte[] tagged = withTag(jpeg, 6, ByteOrder.BIG_ENDIAN);
        for (int length = 0; length < 36; length++) {
            byte[] cut = withTag(jpeg, 6, ByteOrder.BIG_ENDIAN);
            assertThat(TiffDirectory.orientation(cut, 12, Math.min(length, 26))).isIn(1, 6);
        }
        tagged[2 + 4 + 6 + 7] = 120; // the directory beyond the segment
        assertThat(RgbImage.decode(tagged)).isEqualTo(RgbImage.decode(jpeg));
    }

    /** Photo editors write their own segments before the camera's, and cameras other tags before this one. */
    @Test
    void theTagIsFoundBehindOthers() throws Exception {
        byte[] jpeg = TestImages.jpeg(64, Color.RED);
        byte[] exif = exif(6, ByteOrder.LITTLE_ENDIAN, 0x010F, 0x0110);
        byte[] comment = segment(0xFFFE, "a comment".getBytes(StandardCharsets.US_ASCII));
        byte[] xmp = segment(0xFFE1, "http://ns.adobe.com/xap/1.0/\0<x/>".getBytes(StandardCharsets.US_ASCII));

        assertThat(orientation(with(jpeg, comment, xmp, exif))).isEqualTo(6);
        assertThat(orientation(with(jpeg, exif, comment, xmp))).isEqualTo(6);
        assertThat(orientation(with(jpeg, exif(1, ByteOrder.LITTLE_ENDIAN, 0x010F)))).isEqualTo(1);
        assertThat(orientation(with(jpeg, segment(0xFFED, Arrays.copyOfRange(exif, 4, exif.length))))).isEqualTo(1);
        assertThat(orientation(jpeg)).isEqualTo(1);
    }

    /** A thumbnail's or another picture's tag, behind where this one's pixels begin, is not its own. */
    @Test
    void whatComesAfterThePixelsDoesNotCount() throws Exception {
        byte[] exif = exif(6, ByteOrder.BIG_ENDIAN);

        byte[] jpeg = TestImages.jpeg(64, Color.RED);
        byte[] behind = Arrays.copyOf(jpeg, jpeg.length + exif.length);
        System.arraycopy(exif, 0, behind, jpeg.length, exif.length);

        assertThat(orientation(behind)).isEqualTo(1);
        assertThat(orientation(with(TestImages.encode(new BufferedImage(9, 9, 1), "bmp")))).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "8, 8", "9, 1", "65535, 1"})
    void thereAreEightOrientations(int tag, int orientation) throws Exception {
        assertThat(orientation(withTag(TestImages.jpeg(64, Color.RED), tag, ByteOrder.BIG_ENDIAN)))
                .isEqualTo(orientation);
    }

    private static int orientation(byte[] file) throws UndecodableException {
        try (PictureFile opened = Decoder.opened(file)) {
            return opened.orientation();
        }
    }

    private static int brightAt(RgbImage image, String side, int channel) {
        int x = side.equals("left") ? 4 : side.equals("right") ? image.width() - 5 : image.width() / 2;
        int y = side.equals("top") ? 4 : side.equals("bottom") ? image.height() - 5 : image.height() / 2;
        return image.sample(x, y, channel);
    }

    private static byte[] withTag(byte[] jpeg, int orientation, ByteOrder order) throws Exception {
        return with(jpeg, exif(orientation, order));
    }

    /** The segments stand before all others. */
    private static byte[] with(byte[] jpeg, byte[]... segments) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(jpeg, 0, 2);
        for (byte[] segment : segments) {
            out.write(segment);
        }
        out.write(jpeg, 2, jpeg.length - 2);
        return out.toByteArray();
    }

    /** @param before tags that stand before that of the orientation, each with the value 3 */
    private static byte[] exif(int orientation, ByteOrder order, int... before) {
        ByteBuffer tiff = ByteBuffer.allocate(6 + 26 + 12 * before.length)
                .put("Exif\0\0".getBytes(StandardCharsets.US_ASCII)).order(order)
                .put((order == ByteOrder.BIG_ENDIAN ? "MM" : "II").getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 42).putInt(8).putShort((short) (1 + before.length));
        for (int tag : before) {
            tiff.putShort((short) tag).putShort((short) 3).putInt(1).putShort((short) 3).putShort((short) 0);
        }
        tiff.putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) orientation).putShort((short) 0).putInt(0);
        return segment(0xFFE1, tiff.array());
    }

    private static byte[] segment(int marker, byte[] content) {
        return ByteBuffer.allocate(4 + content.length).putShort((short) marker).putShort((short) (2 + content.length))
                .put(content).array();
    }
}
