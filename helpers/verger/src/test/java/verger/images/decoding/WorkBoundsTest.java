package verger.images.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What would take too much is refused with its figures, by its headers alone. */
class WorkBoundsTest {

    /** It says 100 × 100, and the JPEG in its strip says 30,000 × 30,000. */
    @Test
    void aSmallTiffThatHoldsAHugeProgressiveJpegIsRefused() {
        byte[] head = MadeFiles.jpegHead(30_000, 30_000, 3, 1, true);
        byte[] scan = MadeFiles.segment(0xDA, new byte[] {3, 1, 0, 2, 0, 3, 0, 0, 0, 0});
        byte[] strip = ByteBuffer.allocate(head.length + scan.length).put(head).put(scan).array();
        byte[] tiff = MadeFiles.tiff(strip, 256, 100, 257, 100, 258, 8, 259, 7, 262, 6, 277, 3, 278, 100);

        assertThat(tiff.length).isLessThan(600);
        assertReason(tiff, "broken image: a TIFF with strips or tiles of 100 × 100 pixels, and in one of them a JPEG of "
                + "30000 × 30000");
    }

    /** Coefficients of 20,000² × 3 samples of two bytes, in a strip that says the same size. */
    @Test
    void theCoefficientsOfAJpegInATiffCountAsMemory() {
        byte[] tiff = MadeFiles.tiff(MadeFiles.jpegHead(16_000, 16_000, 3, 1, true), 256, 16_000, 257, 16_000, 258, 8, 259, 7,
                262, 6, 277, 3, 278, 16_000);
        byte[] scan = MadeFiles.segment(0xDA, new byte[] {3, 1, 0, 2, 0, 3, 0, 0, 0, 0});
        byte[] whole = Arrays.copyOf(tiff, tiff.length + scan.length);
        System.arraycopy(scan, 0, whole, tiff.length, scan.length);
        ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).putInt(indexOfTag(whole, 279) + 8, 1000);
        ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).putInt(indexOfTag(whole, 279) + 8,
                whole.length - ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt(indexOfTag(whole, 273) + 8));

        assertReason(whole, "too large: 16000 × 16000 pixels take 1539 MB to decode, more than 630 MB");
    }

    @Test
    void tablesOfATiffThatAreAPictureAreRefused() {
        byte[] jpeg = MadeFiles.jpeg(100, 100, 1, 1, 0);
        byte[] tables = MadeFiles.jpegHead(60_000, 30_000, 3, 1, true);
        byte[] strip = Arrays.copyOf(jpeg, jpeg.length + tables.length);
        System.arraycopy(tables, 0, strip, jpeg.length, tables.length);
        byte[] tiff = MadeFiles.tiff(strip, 256, 100, 257, 100, 258, 8, 259, 7, 262, 1, 277, 1, 278, 100, 347, 0);
        ByteBuffer bytes = ByteBuffer.wrap(tiff).order(ByteOrder.LITTLE_ENDIAN);
        int entry = indexOfTag(tiff, 347);
        bytes.putShort(entry + 2, (short) 7).putInt(entry + 4, tables.length).putInt(entry + 8, tiff.length - tables.length);

        assertReason(tiff, "broken image: a TIFF whose JPEG tables are a picture");
    }

    private static int indexOfTag(byte[] tiff, int tag) {
        ByteBuffer bytes = ByteBuffer.wrap(tiff).order(ByteOrder.LITTLE_ENDIAN);
        int at = 10;
        while (bytes.getShort(at) != tag) {
            at += 12;
        }
        return at;
    }

    /** 1.5 samples of each of 64 million pixels in the first scan, one in each of 999 others: 64,032 million. */
    @Test
    void aThousandScansAreTooManyForEightThousandPixelsSquared() {
        byte[] jpeg = MadeFiles.jpeg(8000, 8000, 3, 2, 2);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(jpeg, 0, jpeg.length - 2);
        byte[] scan = MadeFiles.segment(0xDA, new byte[] {1, 1, 0, 1, 63, 0});
        for (int i = 0; i < 998; i++) {
            out.writeBytes(scan);
        }
        out.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xD9});

        assertReason(out.toByteArray(),
                "too large: 8000 × 8000 pixels take 64032 million samples of work, more than 2000 million");
    }

    @Test
    void tenScansAreNotTooMany() throws Exception {
        assertThat(Decoder.decode(MadeFiles.jpeg(4000, 4000, 3, 2, 10)).width()).isEqualTo(4000);
    }

    /** Each is a segment of a table or of a profile, before the pixels, between scans, or behind, where libjpeg reads on. */
    @ParameterizedTest
    @CsvSource({"0xC4, head, 0", "0xE2, head, 0", "0xFE, head, 3", "0xE2, tail, 0", "0xE2, tail, 2"})
    void aJpegOfMillionsOfEmptySegmentsIsRefused(String marker, String where, int scans) {
        byte[] jpeg = MadeFiles.jpeg(64, 64, 3, 1, scans);
        byte[] segment = MadeFiles.segment(Integer.decode(marker), new byte[0]);
        int at = where.equals("head") ? 2 : jpeg.length - 2;

        assertReason(with(jpeg, at, segment, 5_000_000),
                "broken image: a JPEG with more than 1000 segments of tables and metadata; save it again");
        byte[] strip = with(jpeg, at, segment, 1_000_000);
        assertReason(MadeFiles.tiff(strip, 256, 64, 257, 64, 258, 8, 259, 7, 262, 6, 277, 3, 278, 64),
                "broken image: a JPEG with more than 1000 segments");
    }

    @Test
    void aJpegOfSomeHundredSegmentsIsRead() throws Exception {
        byte[] jpeg = MadeFiles.jpeg(64, 64, 3, 1, 0);

        assertThat(Decoder.decode(with(jpeg, 2, MadeFiles.segment(0xE1, new byte[65_000]), 900)).width()).isEqualTo(64);
    }

    private static byte[] with(byte[] jpeg, int at, byte[] segment, int count) {
        byte[] made = new byte[jpeg.length + segment.length * count];
        System.arraycopy(jpeg, 0, made, 0, at);
        for (int i = 0; i < count; i++) {
            System.arraycopy(segment, 0, made, at + i * segment.length, segment.length);
        }
        System.arraycopy(jpeg, at, made, at + segment.length * count, jpeg.length - at);
        return made;
    }

    /** Each is kept for the reader, apart from the others. */
    @Test
    void aPngOfMillionsOfPartsIsRefused() {
        byte[] parts = with(new byte[0], 0, ByteBuffer.allocate(24).put(MadeFiles.chunk("IDAT", new byte[0]))
                .put(MadeFiles.chunk("vpAg", new byte[0])).array(), 1_000_000);

        assertReason(MadeFiles.png(10, 10, 8, 2, parts),
                "broken image: a PNG whose pixels lie in more than 10000 parts; save it again");
    }

    /** Readers keep all places of strips, whether the picture has so many or not. */
    @Test
    void aTiffOfMillionsOfStripsIsRefused() {
        byte[] tiff = MadeFiles.tiff(new byte[8_000_000], 256, 100, 257, 100, 258, 8, 259, 1, 262, 1, 277, 1, 278, 100);
        ByteBuffer bytes = ByteBuffer.wrap(tiff).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(indexOfTag(tiff, 273) + 4, 1_500_000);

        assertReason(tiff, "unsupported: a TIFF with 1500000 numbers in its tag 273, more than 1000000; save it with larger "
                + "strips or tiles");
    }

    /** A JPEG of a hundred bytes, two hundred thousand times the same: each is begun anew. */
    @Test
    void manySmallJpegsInATiffCountAsWork() {
        byte[] jpeg = MadeFiles.jpeg(8, 8, 1, 1, 0);
        int count = 300_000;
        byte[] strip = Arrays.copyOf(jpeg, 1000 + 8 * count);
        byte[] tiff = MadeFiles.tiff(strip, 256, 8, 257, 8 * count, 258, 8, 259, 7, 262, 1, 277, 1, 278, 8);
        ByteBuffer bytes = ByteBuffer.wrap(tiff).order(ByteOrder.LITTLE_ENDIAN);
        int pixels = bytes.getInt(indexOfTag(tiff, 273) + 8);
        for (int tag : new int[] {273, 279}) {
            int numbers = pixels + 1000 + (tag == 273 ? 0 : 4 * count);
            bytes.putInt(indexOfTag(tiff, tag) + 4, count).putInt(indexOfTag(tiff, tag) + 8, numbers);
            for (int i = 0; i < count; i++) {
                bytes.putInt(numbers + 4 * i, tag == 273 ? pixels : jpeg.length);
            }
        }

        assertReason(tiff, "too large: 8 × 2400000 pixels take 2000 million samples of work, more than 2000 million");
    }

    /** Two bytes × 3 samples of each pixel, and two or three megabytes of rows beside. */
    @ParameterizedTest
    @CsvSource({"16320, 12240, 1, 1201", "10400, 10400, 1, 650"})
    void theCoefficientsOfAProgressiveJpegCountAsMemory(int width, int height, int sampling, long megabytes) {
        assertReason(MadeFiles.jpeg(width, height, 3, sampling, 1), "too large: " + width + " × " + height + " pixels take "
                + megabytes + " MB to decode, more than 630 MB");
    }

    @ParameterizedTest
    @CsvSource({"65535, 65535, 8, 2, 12884", "65535, 65535, 16, 6, 34358", "2000000000, 2, 8, 2, 12000"})
    void aPngOfTooManyPixelsIsRefused(int width, int height, int bits, int type, long millions) {
        assertReason(MadeFiles.png(width, height, bits, type),
                "too large: " + width + " × " + height + " pixels take " + millions
                        + " million samples of work, more than 2000 million");
    }

    /** The rows count as memory, too: a reader has four of them, as bytes. */
    @Test
    void aRowOfHundredsOfMegabytesIsRefused() {
        assertReason(MadeFiles.png(300_000_000, 1, 8, 2), "too large: 300000000 × 1 pixels take 5400 MB to decode");
        assertReason(MadeFiles.png(30_000_000, 1, 8, 2),
                "too large: 30000000 × 1 pixels take 540 MB to decode, more than 256 MB");
    }

    @Test
    void aPngOfFourHundredMegapixelsInAFewBytesIsRead() throws Exception {
        ByteArrayOutputStream pixels = new ByteArrayOutputStream();
        try (DeflaterOutputStream rows = new DeflaterOutputStream(pixels, new Deflater(Deflater.BEST_SPEED))) {
            byte[] row = new byte[1 + 20_000 / 8];
            for (int y = 0; y < 20_000; y++) {
                rows.write(row);
            }
        }
        Picture image = Decoder.decode(MadeFiles.png(20_000, 20_000, 1, 0, MadeFiles.chunk("IDAT", pixels.toByteArray())));

        assertThat(image.width()).isEqualTo(20_000 / 9);
    }

    /** A text of 400 MB, packed, beside a picture with a palette, whose texts the JDK's reader unpacks. */
    @Test
    void whatAPngSaysBesideIsNotUnpacked() throws Exception {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes(new byte[] {'a', 0, 0});
        try (DeflaterOutputStream packed = new DeflaterOutputStream(text, new Deflater(Deflater.BEST_SPEED))) {
            for (int i = 0; i < 400; i++) {
                packed.write(new byte[1_000_000]);
            }
        }
        ByteArrayOutputStream pixels = new ByteArrayOutputStream();
        try (DeflaterOutputStream packed = new DeflaterOutputStream(pixels)) {
            packed.write(new byte[2]);
        }
        byte[] png = MadeFiles.png(1, 1, 8, 3, MadeFiles.chunk("PLTE", new byte[] {1, 2, 3}),
                MadeFiles.chunk("zTXt", text.toByteArray()), MadeFiles.chunk("iCCP", text.toByteArray()),
                MadeFiles.chunk("IDAT", pixels.toByteArray()));
        long before = Allocated.bytes();

        assertThat(Decoder.decode(png).rgb()).containsExactly(1, 2, 3);

        assertThat(Allocated.bytes() - before).isLessThan(20_000_000);
    }

    @Test
    void theScreenOfAGifCountsAsMemory() {
        byte[] gif = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN)
                .put("GIF89a".getBytes(StandardCharsets.US_ASCII)).putShort((short) 65_535).putShort((short) 1000)
                .put(new byte[3]).put((byte) 0x2C).putInt(0).putShort((short) 1).putShort((short) 1).put((byte) 0x80).array();

        assertReason(gif, "too large: 65535 × 1000 pixels take ");
    }

    /** Comments that the JDK's reader puts together byte by byte: ten megabytes would be minutes. */
    @Test
    void theCommentsOfAGifAreNotRead() throws Exception {
        byte[] gif = verger.images.TestImages.encode(new java.awt.image.BufferedImage(2, 2, 13), "gif");
        int start = 13 + 256 * 3;
        byte[] block = new byte[256];
        block[0] = (byte) 255;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(gif, 0, start);
        out.writeBytes(new byte[] {0x21, (byte) 0xFE});
        for (int i = 0; i < 40_000; i++) {
            out.writeBytes(block);
        }
        out.write(0);
        out.write(gif, start, gif.length - start);
        long before = Allocated.bytes();

        assertThat(Decoder.decode(out.toByteArray()).width()).isEqualTo(2);

        assertThat(Allocated.bytes() - before).isLessThan(15_000_000 + out.size());
    }

    @ParameterizedTest
    @CsvSource({"34, 2000000000, bytes of pixels", "46, 2000000000, colours", "10, 2000000000, bytes before its pixels"})
    void numbersOfABmpAreComparedWithItsLength(int at, int number, String what) {
        byte[] bmp = MadeFiles.bmp(10, 10, 1, 300);
        ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN).putInt(at, number);

        assertReason(bmp, "broken image: a BMP of 354 bytes that speaks of 2000000000 " + what);
    }

    @Test
    void aTiffWhoseStripIsLongerThanTheFileIsTruncated() {
        byte[] tiff = MadeFiles.tiff(new byte[100], 256, 100, 257, 100, 258, 8, 259, 5, 262, 1, 277, 1, 278, 100);
        ByteBuffer.wrap(tiff).order(ByteOrder.LITTLE_ENDIAN).putInt(indexOfTag(tiff, 279) + 8, 2_000_000_000);

        assertReason(tiff, UndecodableException.TRUNCATED);
    }

    /** A type that is none has numbers of no bytes, so four thousand million of them fit any file. */
    @Test
    void countsOfATypeThatIsNoneAreNotBelieved() {
        byte[] tiff = MadeFiles.tiff(new byte[100], 256, 10, 257, 10, 258, 8, 259, 1, 262, 1, 277, 1, 278, 10);
        ByteBuffer.wrap(tiff).order(ByteOrder.LITTLE_ENDIAN).putShort(indexOfTag(tiff, 273) + 2, (short) 99)
                .putInt(indexOfTag(tiff, 273) + 4, -1);

        assertReason(tiff, "broken image: a TIFF that does not say where its pixels are");
    }

    @Test
    void aTileOfGigabytesIsRefused() {
        assertReason(MadeFiles.tiff(new byte[100], 256, 10, 257, 10, 258, 8, 259, 5, 262, 1, 277, 1, 322, 60_000, 323, 30_000),
                "too large: 10 × 10 pixels take 1800 MB to decode, more than 256 MB");
    }

    /** Tables of codes for 65,536 groups: a picture of a few pixels can ask for all of them. */
    @Test
    void theCodesOfALosslessWebpCountAsMemory() throws Exception {
        byte[] webp = MadeFiles.riff(MadeFiles.riffChunk("VP8L",
                Arrays.copyOf(MadeFiles.webpPixels(4, 4, new int[16]), 200_000)));

        try (PictureFile file = Decoder.opened(webp)) {
            assertThat(file.besideBytes()).isEqualTo(65_536 * 8000L);
        }
        assertThat(Decoder.decode(webp).width()).isEqualTo(4);
    }

    @Test
    void aWebpWhoseCanvasIsNotThatOfItsPixelsIsRefused() {
        byte[] pixels = MadeFiles.riffChunk("VP8L", MadeFiles.webpPixels(4, 4, new int[16]));

        assertReason(MadeFiles.riff(MadeFiles.riffChunk("VP8X", new byte[] {0, 0, 0, 0, 2, 0, 0, 3, 0, 0}), pixels),
                "broken image: a WebP of 3 × 4 pixels that holds one of 4 × 4");
    }

    private static void assertReason(byte[] content, String reason) {
        long before = Allocated.bytes();
        assertThatThrownBy(() -> Decoder.decode(content)).isInstanceOf(UndecodableException.class)
                .hasMessageStartingWith(reason);
        assertThat(Allocated.bytes() - before).as("bytes that a refusal takes").isLessThan(20_000_000 + 2L * content.length);
    }
}
