package verger.images.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.IntBinaryOperator;
import java.util.zip.DeflaterOutputStream;
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

        assertNear(Decoder.decode(MadeFiles.withSegments(file("444.jpg"), MadeFiles.profile(srgb))), pillow("444.jpg"), 2);
        assertThat(Decoder.decode(MadeFiles.withSegments(file("444.jpg"),
                MadeFiles.profile(Arrays.copyOf(srgb, 100)), MadeFiles.segment(0xE2, new byte[1]))))
                .usingRecursiveComparison().isEqualTo(pillow("444.jpg"));
    }

    /** Half of one ink leaves half the light of its colour (plain inks; SWOP says 148). */
    @ParameterizedTest
    @ValueSource(strings = {"half-inks.jpg", "inks.tif", "inks-16.tif", "inks-alpha.tif", "inks-16-alpha.tif", "inks-5.tif",
        "inks-jpeg.tif", "inks-jpeg-planes.tif"})
    void halfTheInkLeavesHalfTheLight(String name) throws Exception {
        Picture image = Decoder.decode(file(name));

        assertClose(image, 8, 8, 127, 127, 127);
        assertClose(image, 24, 8, 127, 127, 127);
        assertClose(image, 40, 8, 127, 255, 255);
        if (name.contains("alpha")) {
            assertThat(pixel(image, 24, 0)).containsExactly(255, 255, 255);
        }
    }

    /** Red, green, blue and transparency: the bytes of the JPEG are these, which would be lacking inks in a file by itself. */
    @Test
    void fourSamplesOfAJpegInATiffNeedNotBeInks() throws Exception {
        Picture image = Decoder.decode(MadeFiles.tiff(file("half-inks.jpg"), 256, 48, 257, 16, 258, 8, 259, 7, 262, 2, 277, 4,
                278, 16, 338, 2));

        assertClose(image, 8, 8, 255, 255, 255);
        assertClose(image, 24, 8, 127, 127, 127);
        assertClose(image, 40, 8, 127, 255, 255);
    }

    @ParameterizedTest
    @ValueSource(strings = {"differences-16-lzw.tif", "differences-16-deflate.tif", "differences-16-planes.tif", "32-bits.tif"})
    void aTiffOfDeepSamplesGivesThoseThatWereWritten(String name) throws Exception {
        assertThat(Decoder.decode(file(name))).usingRecursiveComparison().isEqualTo(ramp());
    }

    @ParameterizedTest
    @ValueSource(strings = {"differences-16-white.tif", "32-bits-grey.tif", "floats-grey.tif", "white-is-zero-alpha.tif"})
    void aGreyTiffOfAnyKindIsAsDarkAsItWas(String name) throws Exception {
        int transparentRows = name.contains("alpha") ? 1 : 0;

        assertThat(Decoder.decode(file(name))).usingRecursiveComparison().isEqualTo(picture(WIDTH, HEIGHT,
                (x, y) -> y < transparentRows ? 0xffffff : (x * 7 + y * 11) % 256 * 0x010101));
    }

    /** In steps of two the pixels 0, 2, 4 … are wanted, and differences need all of them. */
    @Test
    void differencesAreSummedUpBeforePixelsAreLeftOut() throws Exception {
        try (PictureFile file = Decoder.opened(file("differences-16-lzw.tif"))) {
            Picture image = file.read(2);

            assertThat(new int[] {image.width(), image.height()}).containsExactly((WIDTH + 1) / 2, (HEIGHT + 1) / 2);
            assertThat(pixel(image, 9, 6)).containsExactly(pixel(ramp(), 18, 12));
            assertThat(pixel(image, 3, 5)).containsExactly(pixel(ramp(), 6, 10));
        }
    }

    /** The first of two samples beside the colours is transparency. */
    @Test
    void theFirstOfTwoExtraSamplesCounts() throws Exception {
        Picture image = Decoder.decode(file("two-extras.tif"));

        for (int x = 0; x < WIDTH; x++) {
            int alpha = x * 255 / (WIDTH - 1);
            for (int c = 0; c < 3; c++) {
                double expected = (pixel(ramp(), x, 4)[c] * alpha + 255.0 * (255 - alpha)) / 255;
                assertThat((double) pixel(image, x, 4)[c]).isCloseTo(expected, within(0.51));
            }
        }
    }

    @Test
    void lumaAndColourOfATiffAreThePixelsThatPillowReads() throws Exception {
        assertNear(Decoder.decode(file("ycbcr.tif")), pillow("ycbcr.tif"), 1);
    }

    /** Each pixel of two by two has its luma, all have one colour: six bytes for four pixels, the last column and row for less. */
    @Test
    void pixelsOfATiffMayShareTheirColour() throws Exception {
        byte[] strip = new byte[2 * 2 * 6];
        Arrays.fill(strip, (byte) 128);
        strip[0] = 10;
        strip[1] = (byte) 200;
        byte[] tiff = MadeFiles.tiff(strip, 256, 3, 257, 3, 258, 8, 259, 1, 262, 6, 277, 3, 278, 3);

        Picture image = Decoder.decode(tiff);

        assertThat(pixel(image, 0, 0)).containsExactly(10, 10, 10);
        assertThat(pixel(image, 1, 0)).containsExactly(200, 200, 200);
        assertThat(pixel(image, 2, 2)).containsExactly(128, 128, 128);
    }

    /** Examples of CSS Color 4, such as {@code lab(52.2345% 40.1645 59.9971)}, which is {@code #c65d07}, in 8 bits. */
    @Test
    void labColoursAreThoseOfSrgb() throws Exception {
        byte[] lab = {(byte) 133, 40, 60, (byte) 159, -35, 48, (byte) 172, -9, -42, 75, 39, 20, (byte) 255, 0, 0, 0, 0, 0};
        int[] rgb = {0xc65d07, 0x68a639, 0x62acef, 0x7d2329, 0xffffff, 0};

        Picture image = Decoder.decode(MadeFiles.tiff(lab, 256, 6, 257, 1, 258, 8, 259, 1, 262, 8, 277, 3, 278, 1));

        assertNear(image, picture(6, 1, (x, y) -> rgb[x]), 4);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "258, 12 | a TIFF with samples of 12 bits; save it with 8 or 16 bits",
        "339, 3 | a TIFF with samples of 16 bits and a point; save it with 8 or 16 bits",
        "339, 2 | a TIFF with samples of 16 bits and a sign; save it with 8 or 16 bits",
        "262, 5 | a TIFF of other inks than CMYK; save it as RGB",
        "262, 8 | a TIFF with a rare kind of Lab colours; save it as RGB",
        "262, 9 | a TIFF with a rare kind of Lab colours; save it as RGB",
        "317, 3 | a TIFF with predictor 3 and samples of 16 bits; save it without a predictor"})
    void whatTheReaderWouldMakeOtherColoursOfIsNamed(String change, String reason) {
        int[] tags = {256, 4, 257, 4, 258, 16, 259, 5, 262, 1, 277, 1, 278, 4, 317, 1, 339, 1};
        String[] tagAndNumber = change.split(", ");
        for (int i = 0; i < tags.length; i += 2) {
            tags[i + 1] = tags[i] == Integer.parseInt(tagAndNumber[0]) ? Integer.parseInt(tagAndNumber[1]) : tags[i + 1];
        }

        assertThatThrownBy(() -> Decoder.decode(MadeFiles.tiff(new byte[100], tags))).hasMessage("unsupported: " + reason);
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
        assertThat(Decoder.decode(jpeg)).usingRecursiveComparison().isEqualTo(turned(pillow("444.jpg")));
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

    /** A BMP of version 5 with a profile behind its pixels, whole, damaged, or said to be longer than the file. */
    @ParameterizedTest
    @CsvSource({"whole, true", "damaged, false", "long, false"})
    void theProfileOfABmpCounts(String how, boolean counts) throws Exception {
        byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
        int length = profile.length;
        if (how.equals("damaged")) {
            Arrays.fill(profile, (byte) 0x7e);
        }
        byte[] bmp = ByteBuffer.allocate(14 + 124 + 4 + length).order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 'B').put((byte) 'M').putInt(14 + 124 + 4 + length).putInt(0).putInt(14 + 124)
                .putInt(124).putInt(1).putInt(1).putShort((short) 1).putShort((short) 24).position(70).putInt(0x4D424544)
                .position(126).putInt(124 + 4).putInt(how.equals("long") ? 2_000_000_000 : length)
                .position(14 + 124).put(new byte[] {55, 55, 55, 0}).put(profile).array();

        int grey = pixel(Decoder.decode(bmp), 0, 0)[0];

        double light = 55 / 255.0; // IEC 61966-2-1
        assertThat((double) grey).isCloseTo(counts ? 255 * (1.055 * Math.pow(light, 1 / 2.4) - 0.055) : 55, within(2.0));
    }

    /**
     * What three components are where markers and names agree or do not. The pixels at 0, 0 and 18, 0 are those that Pillow 13.0.0
     * (libjpeg-turbo) reads in these bytes: 1 0 2 and 254 0 124 if they are luma and colours, 0 129 129 and 90 147 245 if they are
     * red, green and blue.
     *
     * @param adobe the transform of Adobe's marker; -1 for no such marker
     */
    @ParameterizedTest
    @CsvSource({
        "false, -1, 0 1 2, false", "false, -1, 1 2 3, false", "false, -1, 5 6 7, false", "false, -1, 82 71 66, true",
        "false, 0, 1 2 3, true", "false, 0, 82 71 66, true", "false, 1, 82 71 66, false", "false, 2, 1 2 3, false",
        "true, -1, 82 71 66, false", "true, 0, 1 2 3, false", "true, 0, 82 71 66, false", "true, 1, 1 2 3, false"})
    void threeComponentsAreWhatLibjpegTakesThemFor(boolean jfif, int adobe, String ids, boolean rgb) throws Exception {
        byte[] jpeg = file("444.jpg");
        int[] names = Arrays.stream(ids.split(" ")).mapToInt(Integer::parseInt).toArray();
        for (int i = 0; i + 1 < jpeg.length; i++) {
            boolean frame = jpeg[i] == (byte) 0xFF && jpeg[i + 1] == (byte) 0xC0;
            if (frame || jpeg[i] == (byte) 0xFF && jpeg[i + 1] == (byte) 0xDA) {
                for (int c = 0; c < 3; c++) {
                    jpeg[i + (frame ? 10 + 3 * c : 5 + 2 * c)] = (byte) names[c];
                }
            }
        }
        byte[] marker = MadeFiles.segment(0xEE, new byte[] {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) adobe});
        int head = jfif ? 20 : 2; // with JFIF's segment
        byte[] bare = ByteBuffer.allocate(head + (adobe < 0 ? 0 : marker.length) + jpeg.length - 20).put(jpeg, 0, head)
                .put(marker, 0, adobe < 0 ? 0 : marker.length).put(jpeg, 20, jpeg.length - 20).array();

        Picture image = Decoder.decode(bare);

        assertThat(pixel(image, 0, 0)).containsExactly(rgb ? new int[] {0, 129, 129} : new int[] {1, 0, 2});
        assertThat(pixel(image, 18, 0)).containsExactly(rgb ? new int[] {90, 147, 245} : new int[] {254, 0, 124});
    }

    /** ImageMagick's text from before PNG had a chunk for Exif, and Exif with the name it has in a JPEG: as Pillow reads them. */
    @ParameterizedTest
    @CsvSource({
        "eXIf, '', 6", "tEXt, '', 6", "zTXt, '\0', 6", "iTXt, '\0\0en\0name\0', 6", "iTXt, '\1\0\0\0', 6",
        "tEXt, 'one line more\n', 1", "zTXt, 'not packed', 1", "iTXt, 'no language', 1"})
    void theOrientationOfAPngIsFoundWhereverProgramsWriteIt(String chunk, String before, int orientation) throws Exception {
        byte[] exif = ("Exif\0\0" + new String(MadeFiles.exif(6, 3, ByteOrder.BIG_ENDIAN), StandardCharsets.ISO_8859_1))
                .getBytes(StandardCharsets.ISO_8859_1);
        byte[] hex = ("\nexif\n      32\n" + HexFormat.of().formatHex(exif).replaceAll("(.{36})", "$1\n") + "\n")
                .getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        if (chunk.equals("eXIf")) {
            content.writeBytes(exif);
        } else {
            content.writeBytes(("Raw profile type exif\0" + before).getBytes(StandardCharsets.US_ASCII));
            boolean packed = chunk.equals("zTXt") || before.startsWith("\1");
            try (OutputStream text = packed ? new DeflaterOutputStream(content) : content) {
                text.write(hex);
            }
        }

        byte[] png = with("profile.png", MadeFiles.chunk(chunk, content.toByteArray()));

        assertThat(Decoder.size(png)).containsExactly(orientation == 6 ? new int[] {HEIGHT, WIDTH} : new int[] {WIDTH, HEIGHT});
        Picture plain = Decoder.decode(file("profile.png"));
        assertThat(Decoder.decode(png)).usingRecursiveComparison().isEqualTo(orientation == 6 ? turned(plain) : plain);
    }

    /** As in Pillow, the chunk counts before the text, whatever comes first. */
    @Test
    void theChunkOfExifCountsBeforeTheText() throws Exception {
        byte[] text = MadeFiles.chunk("tEXt", ("Raw profile type exif\0\nexif\n26\n"
                + HexFormat.of().formatHex(MadeFiles.exif(6, 3, ByteOrder.BIG_ENDIAN))).getBytes(StandardCharsets.US_ASCII));
        byte[] chunk = MadeFiles.chunk("eXIf", MadeFiles.exif(3, 3, ByteOrder.LITTLE_ENDIAN));

        assertThat(Decoder.size(with("profile.png", text, chunk))).containsExactly(WIDTH, HEIGHT);
        assertThat(Decoder.size(with("profile.png", chunk, text))).containsExactly(WIDTH, HEIGHT);
        assertThat(Decoder.size(with("profile.png", text))).containsExactly(HEIGHT, WIDTH);
    }

    private static byte[] with(String png, byte[]... chunks) throws IOException {
        byte[] plain = file(png);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(plain, 0, 33); // signature and size
        for (byte[] chunk : chunks) {
            out.writeBytes(chunk);
        }
        out.write(plain, 33, plain.length - 33);
        return out.toByteArray();
    }

    /** Each sample of fewer bits than eight: of 1, 5 (or 1 of two bits) and the largest the middle one is transparent. */
    @ParameterizedTest
    @CsvSource({"2, 0 1 3, 0 255 255", "4, 1 5 15, 17 255 255"})
    void theTransparentGreyOfAPngLiesOnWhite(int bits, String samples, String greys) throws Exception {
        int[] numbers = Arrays.stream(samples.split(" ")).mapToInt(Integer::parseInt).toArray();
        int row = 0;
        for (int number : numbers) {
            row = row << bits | number;
        }
        row <<= 16 - 3 * bits;
        ByteArrayOutputStream pixels = new ByteArrayOutputStream();
        try (OutputStream packed = new DeflaterOutputStream(pixels)) {
            packed.write(new byte[] {0, (byte) (row >> 8), (byte) row});
        }
        byte[] png = MadeFiles.png(3, 1, bits, 0, MadeFiles.chunk("tRNS", new byte[] {0, (byte) numbers[1]}),
                MadeFiles.chunk("IDAT", pixels.toByteArray()));

        Picture image = Decoder.decode(png);

        for (int x = 0; x < 3; x++) {
            assertThat(pixel(image, x, 0)[0]).isEqualTo(Integer.parseInt(greys.split(" ")[x]));
        }
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

    /** The same transparency, as bytes that are differences to a neighbour (RFC 9649, section 2.7.1.2), as libwebp writes it. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void transparencyThatIsNotCompressedCountsAlike(int filter) throws Exception {
        byte[] webp = file("lossy-alpha.webp");
        int start = indexOf(webp, "ALPH");
        int end = indexOf(webp, "VP8 ");
        byte[] alpha = new byte[1 + WIDTH * HEIGHT];
        alpha[0] = (byte) (filter << 2);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                int left = (x - 1) * 255 / (WIDTH - 1);
                int here = x * 255 / (WIDTH - 1); // each row is as the one above
                int predicted = filter == 0 || x == 0 && y == 0 ? 0 : filter == 1 && x > 0 || y == 0 ? left : here;
                alpha[1 + y * WIDTH + x] = (byte) (here - predicted);
            }
        }
        byte[] raw = MadeFiles.riff(Arrays.copyOfRange(webp, 12, start), MadeFiles.riffChunk("ALPH", alpha),
                Arrays.copyOfRange(webp, end, webp.length));

        assertThat(Decoder.decode(raw)).usingRecursiveComparison().isEqualTo(Decoder.decode(webp));
        assertThatThrownBy(() -> Decoder.decode(MadeFiles.riff(Arrays.copyOfRange(webp, 12, start),
                MadeFiles.riffChunk("ALPH", Arrays.copyOf(alpha, 100)), Arrays.copyOfRange(webp, end, webp.length))))
                .hasMessage(UndecodableException.TRUNCATED);
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

    private static void assertNear(Picture image, Picture expected, int most) {
        assertThat(new int[] {image.width(), image.height()}).containsExactly(expected.width(), expected.height());
        for (int i = 0; i < expected.rgb().length; i++) {
            assertThat(image.rgb()[i] & 0xFF).as("sample %d", i).isCloseTo(expected.rgb()[i] & 0xFF, within(most));
        }
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

    /** As orientation 6 says: the first row is on the right, the first column on top. */
    private static Picture turned(Picture upright) {
        int width = upright.height();
        int height = upright.width();
        return picture(width, height, (x, y) -> {
            int[] rgb = pixel(upright, y, upright.height() - 1 - x);
            return rgb[0] << 16 | rgb[1] << 8 | rgb[2];
        });
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
