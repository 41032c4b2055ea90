package verger.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the pictures in data-sample promise to those who use them. */
class CommittedSampleTest {
    private static final long MOST_BYTES = 2_000_000;

    @Test
    void holdsTwelveClassesWith24TrainingAnd6TestPicturesEachAndNothingElse() throws IOException {
        Map<String, Long> counts = SampleFiles.all().stream().collect(Collectors.groupingBy(
                file -> file.getName(0) + "/" + file.getName(1), TreeMap::new, Collectors.counting()));

        assertThat(counts).hasSize(24);
        assertThat(counts.keySet().stream().map(Path::of).map(Path::getFileName).distinct()).hasSize(12);
        assertThat(counts)
                .allSatisfy((folder, count) -> assertThat(count).as(folder).isEqualTo(folder.startsWith("Training/") ? 24 : 6));
    }

    @Test
    void filesAreNamedAsInFruits360() throws IOException {
        assertThat(SampleFiles.all()).map(Path::toString)
                .allMatch(name -> name.matches("(Training|Test)/[A-Z][A-Za-z0-9 ]+/(r_)?\\d{1,3}_100\\.jpg"))
                .anyMatch(name -> name.contains(" "));
    }

    @Test
    void holdsWhatThisModuleDraws() throws IOException {
        assertThat(SampleFiles.all())
                .containsExactlyInAnyOrderElementsOf(Picture.all().stream().map(Picture::path).toList());
    }

    @Test
    void noPictureOfTestIsFromAnAngleOfTraining() throws IOException {
        List<Path> test = SampleFiles.all().stream().filter(file -> file.startsWith("Test")).toList();

        assertThat(test).isNotEmpty().allSatisfy(
                file -> assertThat(SampleFiles.FOLDER.resolve("Training").resolve(file.subpath(1, 3))).doesNotExist());
    }

    @Test
    void everyPictureIsABaselineJpegOf100By100PixelsWithHalvedChroma() throws IOException {
        assertSoftly(softly -> forEachFile(file -> softly.assertThat(SampleFiles.frame(SampleFiles.bytes(file))).as("%s", file)
                .isEqualTo("SOF0 8 bits 100x100 22 11 11")));
    }

    @Test
    void everyPictureIsOnNearWhite() throws IOException {
        assertSoftly(softly -> forEachFile(file -> {
            BufferedImage image = SampleFiles.decode(SampleFiles.bytes(file));
            for (int corner : new int[] {image.getRGB(0, 0), image.getRGB(99, 0), image.getRGB(0, 99), image.getRGB(99, 99)}) {
                softly.assertThat(List.of(corner >> 16 & 255, corner >> 8 & 255, corner & 255)).as("%s", file)
                        .allMatch(level -> level >= 240);
            }
        }));
    }

    @Test
    void everyFruitFillsItsPictureInWidthOrHeight() throws IOException {
        assertSoftly(softly -> forEachFile(file -> {
            int[] pixels = SampleFiles.pixels(SampleFiles.decode(SampleFiles.bytes(file)));
            int left = 99;
            int right = 0;
            int top = 99;
            int bottom = 0;
            for (int i = 0; i < pixels.length; i++) {
                if ((pixels[i] & 255) < 200) {
                    left = Math.min(left, i % 100);
                    right = Math.max(right, i % 100);
                    top = Math.min(top, i / 100);
                    bottom = Math.max(bottom, i / 100);
                }
            }
            softly.assertThat(Math.max(right - left, bottom - top)).as("%s", file).isBetween(90, 99);
        }));
    }

    @Test
    void allTogetherAreSmall() throws IOException {
        long bytes = 0;
        for (Path file : SampleFiles.all()) {
            bytes += SampleFiles.bytes(file).length;
        }

        assertThat(bytes).isLessThanOrEqualTo(MOST_BYTES);
    }

    @Test
    void noTwoPicturesAreTheSame() throws IOException {
        Map<IntBuffer, Path> seen = new HashMap<>();
        forEachFile(file -> {
            IntBuffer pixels = IntBuffer.wrap(SampleFiles.pixels(SampleFiles.decode(SampleFiles.bytes(file))));
            assertThat(seen.put(pixels, file)).as("the twin of %s", file).isNull();
        });
    }

    private static void forEachFile(Consumer<Path> check) {
        try {
            SampleFiles.all().forEach(check);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
