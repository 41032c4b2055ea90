package verger.images.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import verger.images.ImageStatus;
import verger.images.TestImages;

/**
 * Files of all formats with some bytes changed are pictures or have a reason, whatever the bytes. The changes follow from a seed;
 * {@code -Dverger.fuzz.seconds=600} goes on with others for so long.
 */
class DecoderFuzzTest {

    private static final int ROUNDS = 120;
    private static final long SEED = 20_261_130;
    /** Of more samples only the headers are read: ten seconds of even grey show nothing new. */
    private static final long MOST_SAMPLES = 3_000_000;
    private static final String[] RESOURCES =
            {"444.jpg", "420.jpg", "progressive.jpg", "half-inks.jpg", "profile.jpg", "strips.tif",
                "lzw.tif", "deflate-predictor.tif", "packbits.tif", "tiles.tif", "differences-16-lzw.tif",
                "inks-16-alpha.tif",
                "inks-jpeg.tif", "ycbcr.tif", "planes.tif", "16-bits-be.tif", "floats.tif",
                "fax.tif",
                "jpeg.tif", "inks.tif", "associated-alpha.tif", "grey-alpha.png", "profile.png", "turned.png", "lossy.webp",
                "lossless.webp", "alpha.webp", "lossy-alpha.webp", "profile.webp"};
    private static final int[] NUMBERS = {0, 1, -1, 2, 7, 255, 256, 32_767, 65_535, 65_536, 1 << 24, Integer.MAX_VALUE,
        Integer.MIN_VALUE};

    @Test
    void whateverTheBytesThereIsAPictureOrAReason() throws Exception {
        Map<String, byte[]> seeds = seeds();
        long seconds = Long.getLong("verger.fuzz.seconds", 0);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        Map<String, Integer> outcomes = new TreeMap<>();
        List<String> escaped = new ArrayList<>();
        int round = 0;
        do {
            for (Map.Entry<String, byte[]> seed : seeds.entrySet()) {
                Random random = new Random(SEED + round * 31L + seed.getKey().hashCode());
                byte[] file = changed(seed.getValue(), random);
                String outcome;
                try {
                    outcome = outcome(file);
                } catch (Throwable e) { // what escapes, of whatever kind, is what this test is for
                    outcome = "escaped";
                    escaped.add(seed.getKey() + " in round " + round + ": " + e);
                }
                outcomes.merge(outcome, 1, Integer::sum);
            }
            round++;
        } while (round < ROUNDS || System.nanoTime() - end < 0);
        System.out.println("fuzzing of decoders: " + round * seeds.size() + " files, " + outcomes);

        assertThat(escaped).isEmpty();
        assertThat(Turns.DECODING.free()).isEqualTo(Turns.ALL);
    }

    private static String outcome(byte[] file) {
        long before = Allocated.bytes();
        try {
            if (file.length == 0) {
                return "empty";
            }
            try (PictureFile opened = Decoder.opened(file)) {
                if (opened.samples() > MOST_SAMPLES) {
                    Bounds.step(opened);
                    return "large";
                }
            }
            Picture picture = Decoder.decode(file);
            assertThat(picture.rgb()).hasSize(picture.width() * picture.height() * 3);
            return "ok";
        } catch (UndecodableException e) {
            assertThat(e.getMessage()).doesNotContain("null");
            return ImageStatus.of(e.getMessage()).word();
        } finally {
            assertThat(Allocated.bytes() - before).isLessThan(Bounds.MAX_HEAP);
        }
    }

    private static byte[] changed(byte[] seed, Random random) {
        byte[] file = seed.clone();
        // Headers decide most, so half of the changes are there.
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && file.length > 8; i++) {
            int at = random.nextInt(random.nextBoolean() ? file.length : Math.min(file.length, 200));
            switch (random.nextInt(6)) {
                case 0 -> file[at] = (byte) random.nextInt();
                case 1 -> file[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> {
                    if (at + 4 <= file.length) {
                        ByteBuffer.wrap(file).order(random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
                                .putInt(at, NUMBERS[random.nextInt(NUMBERS.length)]);
                    }
                }
                case 3 -> {
                    if (at + 2 <= file.length) {
                        ByteBuffer.wrap(file).order(random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
                                .putShort(at, (short) NUMBERS[random.nextInt(NUMBERS.length)]);
                    }
                }
                case 4 -> {
                    int length = Math.min(random.nextInt(40), file.length - at);
                    int to = random.nextInt(file.length - length + 1);
                    System.arraycopy(file, at, file, to, length);
                }
                default -> file = random.nextInt(4) == 0 ? Arrays.copyOf(file, at) : file;
            }
        }
        return file;
    }

    private static Map<String, byte[]> seeds() throws IOException {
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        for (String name : RESOURCES) {
            try (var in = DecoderFuzzTest.class.getResourceAsStream("/images/formats/" + name)) {
                seeds.put(name, in.readAllBytes());
            }
        }
        BufferedImage palette = new BufferedImage(23, 17, BufferedImage.TYPE_BYTE_INDEXED);
        BufferedImage colours = new BufferedImage(23, 17, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 23 * 17; i++) {
            palette.setRGB(i % 23, i / 23, i * 4099);
            colours.setRGB(i % 23, i / 23, i * 4099);
        }
        seeds.put("gif", TestImages.encode(palette, "gif"));
        seeds.put("palette png", TestImages.encode(palette, "png"));
        seeds.put("bmp", TestImages.encode(colours, "bmp"));
        seeds.put("palette bmp", TestImages.encode(palette, "bmp"));
        seeds.put("scans", MadeFiles.jpeg(64, 48, 3, 2, 5));
        seeds.put("webp", MadeFiles.riff(MadeFiles.riffChunk("VP8L", MadeFiles.webpPixels(9, 7, new int[63]))));
        seeds.put("zeros webp", MadeFiles.webpLossy(64, 48, 60, 200));
        return seeds;
    }
}
