package verger.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever draws the sample again gets the committed pictures again. */
class RedrawTest {
    // Room for another JDK's JPEG encoder, not for another drawing.
    private static final double MEAN_LEVELS = 1.5;

    /** Of every class one picture of the tumbling series, of Test and Training in turn. */
    static Stream<Picture> pictures() {
        List<Picture> all = Picture.all();
        return Basket.all().stream().map(fruit -> all.stream()
                .filter(p -> p.fruit().name().equals(fruit.name()) && p.tumbling())
                .filter(p -> p.test() == fruit.name().length() % 2 > 0)
                .skip(1).findFirst().orElseThrow());
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void givesTheCommittedPicture(Picture picture) throws IOException {
        int[] drawn = SampleFiles.pixels(SampleFiles.decode(Jpeg.encode(picture.render())));
        int[] committed = SampleFiles.pixels(SampleFiles.decode(SampleFiles.bytes(picture.path())));

        assertThat(meanDifference(drawn, committed)).as("%s", picture.path()).isLessThan(MEAN_LEVELS);
    }

    private static double meanDifference(int[] a, int[] b) {
        long sum = 0;
        for (int i = 0; i < a.length; i++) {
            for (int shift = 0; shift <= 16; shift += 8) {
                sum += Math.abs((a[i] >> shift & 255) - (b[i] >> shift & 255));
            }
        }
        return sum / (3.0 * a.length);
    }
}
