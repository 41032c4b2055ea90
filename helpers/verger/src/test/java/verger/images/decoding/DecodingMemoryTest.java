package verger.images.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import verger.images.TestImages;

/**
 * What each format is said to take, it takes at most. As what is said is held below the bounds, and the sum of it by
 * {@link Turns}, decoding stays below 700 MB in a JVM.
 */
class DecodingMemoryTest {

    private static final int WIDTH = 2600;
    private static final int HEIGHT = 2000;
    /** Streams, tables, the class of a reader that is loaded at its first use. */
    private static final long SMALL_THINGS = 4_000_000;

    @TempDir
    Path folder;

    static Stream<Arguments> files() throws IOException {
        BufferedImage colours = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_3BYTE_BGR);
        BufferedImage transparent = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_4BYTE_ABGR);
        BufferedImage palette = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_INDEXED);
        BufferedImage deep = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_USHORT_GRAY);
        BufferedImage large = new BufferedImage(6200, 4100, BufferedImage.TYPE_3BYTE_BGR);
        byte[] small = MadeFiles.webpPixels(1000, 1000, new int[1_000_000]);
        return Stream.of(
                Arguments.of("baseline JPEG", 3, MadeFiles.jpeg(WIDTH, HEIGHT, 3, 2, 0)),
                Arguments.of("progressive JPEG", 9, MadeFiles.jpeg(WIDTH, HEIGHT, 3, 1, 3)),
                Arguments.of("grey JPEG", 1, MadeFiles.jpeg(WIDTH, HEIGHT, 1, 1, 0)),
                Arguments.of("JPEG in steps", 3, MadeFiles.jpeg(9248, 6936, 3, 2, 0)),
                Arguments.of("JPEG of inks", 4, MadeFiles.jpeg(WIDTH, HEIGHT, 4, 1, 0)),
                Arguments.of("PNG", 3, TestImages.encode(colours, "png")),
                Arguments.of("transparent PNG", 4, TestImages.encode(transparent, "png")),
                Arguments.of("deep PNG", 2, TestImages.encode(deep, "png")),
                Arguments.of("PNG of a palette", 1, TestImages.encode(palette, "png")),
                Arguments.of("PNG in steps", 3, TestImages.encode(large, "png")),
                Arguments.of("GIF", 1, TestImages.encode(palette, "gif")),
                Arguments.of("BMP", 3, TestImages.encode(colours, "bmp")),
                Arguments.of("BMP in steps", 3, TestImages.encode(large, "bmp")),
                Arguments.of("packed BMP", 1, packedBmp()),
                Arguments.of("TIFF", 3, TestImages.encode(colours, "tiff")),
                Arguments.of("TIFF of one deflated strip", 3, deflatedTiff()),
                Arguments.of("TIFF of differences", 3, deepTiff(2)),
                Arguments.of("TIFF of deep ink", 8, deepTiff(5)),
                Arguments.of("TIFF of one strip", 3, MadeFiles.tiff(new byte[WIDTH * HEIGHT * 3], tags(1))),
                Arguments.of("TIFF of one JPEG", 1,
                        MadeFiles.tiff(MadeFiles.jpeg(WIDTH, HEIGHT, 1, 1, 0), 256, WIDTH, 257, HEIGHT,
                                258, 8, 259, 7, 262, 1, 277, 1, 278, HEIGHT)),
                Arguments.of("lossless WebP", 0, MadeFiles.riff(MadeFiles.riffChunk("VP8L", small))));
    }

    private static int[] tags(int compression) {
        return new int[] {256, WIDTH, 257, HEIGHT, 258, 8, 259, compression, 262, 2, 277, 3, 278, HEIGHT};
    }

    private static byte[] deflatedTiff() throws IOException {
        return MadeFiles.tiff(deflated(WIDTH * HEIGHT * 3), tags(8));
    }

    /** Of 16 bits, with a predictor where it is RGB. */
    private static byte[] deepTiff(int photometric) throws IOException {
        int samples = photometric == 5 ? 4 : 3;
        return MadeFiles.tiff(deflated(WIDTH * HEIGHT * samples * 2), 256, WIDTH, 257, HEIGHT, 258, 16, 259, 8,
                262, photometric, 277, samples, 278, HEIGHT, 317, photometric == 2 ? 2 : 1);
    }

    private static byte[] deflated(int zeros) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(out, new Deflater(Deflater.BEST_SPEED))) {
            deflater.write(new byte[zeros]);
        }
        return out.toByteArray();
    }

    /** Runs of 250 pixels each (RLE8), and ends of rows. */
    private static byte[] packedBmp() {
        byte[] bmp = MadeFiles.bmp(WIDTH, HEIGHT, 1, 256 * 4 + HEIGHT * (11 * 2 + 2));
        java.nio.ByteBuffer in = java.nio.ByteBuffer.wrap(bmp).order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .putInt(10, 54 + 1024).putShort(28, (short) 8).putInt(34, bmp.length - 54 - 1024);
        in.position(54 + 1024);
        for (int y = 0; y < HEIGHT; y++) {
            for (int run = 0; run < 11; run++) {
                in.put((byte) (run < 10 ? 250 : WIDTH - 2500)).put((byte) 7);
            }
            in.put((byte) 0).put((byte) (y == HEIGHT - 1 ? 1 : 0));
        }
        return bmp;
    }

    /** @param dropped bytes of a pixel that a reader makes for one row after the other, and drops at once, in all scans */
    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void aFormatTakesNoMoreThanItIsSaidTo(String name, int dropped, byte[] file) throws Exception {
        Decoder.decode(file); // classes and tables that are loaded once
        long before = Allocated.bytes();
        long said;
        long rows;
        try (PictureFile opened = Decoder.opened(file)) {
            int step = Bounds.step(opened);
            said = Bounds.bytes(opened, step) - opened.besideBytes();
            rows = dropped * Bounds.pixels(opened, step);
            opened.read(step);
        }

        assertThat(Allocated.bytes() - before).isLessThan(said + rows + SMALL_THINGS);
        assertThat(said).as("what is said is not far from what is taken")
                .isLessThan(2 * (Allocated.bytes() - before) + SMALL_THINGS);
    }

    /** Its reader makes small arrays for each block and drops them, so what counts is a heap that is enough. */
    @Test
    void aLossyWebpFitsIntoTheHeapItIsSaidToTake() throws Exception {
        byte[] webp = MadeFiles.webpLossy(4000, 3000, 200_000, 2_000_000);
        long said;
        try (PictureFile opened = Decoder.opened(webp)) {
            said = Bounds.bytes(opened, Bounds.step(opened));
        }
        java.nio.file.Files.write(folder.resolve("lossy.webp"), webp);
        Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-Xmn4m", "-Xmx" + ((said >> 20) + 16) + "m", "-cp", System.getProperty("java.class.path"),
                DecodingMemoryTest.class.getName(), folder.resolve("lossy.webp").toString())
                .redirectErrorStream(true).start();

        assertThat(new String(child.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("4000");
        assertThat(said).isLessThan(110_000_000);
    }

    public static void main(String[] args) throws Exception {
        System.out.print(Decoder.decode(java.nio.file.Files.readAllBytes(Path.of(args[0]))).width());
    }

    /** The largest of all that is read stays below what all decoding may take. */
    @Test
    void theBoundsOfOnePictureStayBelowThoseOfAll() {
        assertThat(Bounds.MAX_BESIDE).isLessThan(Turns.ALL);
        assertThat(Bounds.MAX_HEAP).isLessThan(Turns.ALL);
        assertThat(Turns.ALL).isEqualTo(700_000_000);
    }
}
