package verger.sample;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** The committed pictures, and what tests ask of a JPEG. */
final class SampleFiles {
    static final Path FOLDER = Path.of(System.getProperty("basedir", ".")).resolve("../../data-sample").normalize();

    private SampleFiles() {
    }

    /** Every file of the sample, as a path below its folder. */
    static List<Path> all() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(Files::isRegularFile).map(FOLDER::relativize).sorted().toList();
        }
    }

    static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(FOLDER.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static BufferedImage decode(byte[] jpeg) {
        try {
            return ImageIO.read(new ByteArrayInputStream(jpeg));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static int[] pixels(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }

    /**
     * The frame header of a JPEG in words, for instance "SOF0 8 bits 100x100 22 11 11": the marker, the precision,
     * the size and the sampling factors of each component (ITU-T T.81, B.2.2).
     */
    static String frame(byte[] jpeg) {
        int at = 2;
        while (at + 9 < jpeg.length) {
            int marker = jpeg[at + 1] & 255;
            boolean frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
            if (frame) {
                StringBuilder words = new StringBuilder("SOF%d %d bits %dx%d".formatted(
                        marker - 0xC0, jpeg[at + 4] & 255, word(jpeg, at + 7), word(jpeg, at + 5)));
                for (int c = 0; c < jpeg[at + 9]; c++) {
                    words.append(" %02x".formatted(jpeg[at + 11 + 3 * c]));
                }
                return words.toString();
            }
            at += 2 + word(jpeg, at + 2);
        }
        return "no frame header";
    }

    private static int word(byte[] bytes, int at) {
        return (bytes[at] & 255) << 8 | bytes[at + 1] & 255;
    }
}
