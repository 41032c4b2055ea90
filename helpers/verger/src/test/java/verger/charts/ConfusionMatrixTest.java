package verger.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfusionMatrixTest {

    private static final Color RIGHT = new Color(0x0072B2);

    @Test
    void twoClassesAreASmallMatrix() {
        ConfusionMatrix matrix = new ConfusionMatrix(new long[][] {{47, 3}, {1, 49}}, List.of("apple", "pear"));

        assertThat(matrix.note())
                .isEqualTo("96 of 100 right (96.0 %), 2 classes. A row is a true class, a column a predicted one.");
        assertThat(matrix.image(null).getHeight()).isLessThan(700);
    }

    @Test
    void whatIsRightIsBlueAndWhatIsWrongIsNot() {
        BufferedImage right = Charts.confusionMatrix(new long[][] {{5, 0}, {0, 5}}, List.of("a", "b"), null);
        BufferedImage wrong = Charts.confusionMatrix(new long[][] {{0, 5}, {5, 0}}, List.of("a", "b"), null);

        assertThat(Pictures.count(right, RIGHT)).as("two cells of some 440 × 46 at twice the size, less their numbers")
                .isBetween(150_000, 2 * 900 * 92);
        assertThat(Pictures.count(wrong, RIGHT)).isZero();
        assertThat(Pictures.count(wrong, new Color(0xC44E00))).isBetween(150_000, 2 * 900 * 92);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 12, 40, 131})
    void itIsAsWideAsThePage(int classes) {
        long[][] counts = diagonal(classes);
        for (int c = 1; c < classes; c++) {
            counts[c][c - 1] = 1;
        }
        for (String name : List.of("c ", "a very, very long class name that does not fit, number ")) {
            List<String> names = IntStream.range(0, classes).mapToObj(c -> name + c).toList();

            BufferedImage image = Charts.confusionMatrix(counts, names, null);

            assertThat(image.getWidth()).isEqualTo(2200);
            // The last line of the grid: the recalls stand to the right of it, in 66 pixels and a margin of 26.
            Color grid = new Color(0xE1E3E7);
            int middle = image.getHeight() / 2;
            assertThat(Pictures.count(image, grid, 2000, middle, 2030, middle + 100)).isGreaterThan(100);
            assertThat(Pictures.count(image, grid, 2030, 0, 2200, image.getHeight())).isZero();
        }
    }

    @Test
    void thirtyClassesAreAllShown() {
        assertThat(new ConfusionMatrix(diagonal(30), names(30)).shownClasses()).hasSize(30);
    }

    @Test
    void ofManyClassesThoseAreShownThatAreConfused() {
        long[][] counts = diagonal(131);
        counts[3][97] = 2;
        counts[97][50] = 1;

        ConfusionMatrix matrix = new ConfusionMatrix(counts, names(131));

        assertThat(matrix.shownClasses()).containsExactly("class 3", "class 50", "class 97");
        assertThat(matrix.note()).startsWith("1,310 of 1,313 right (99.8 %), 131 classes.")
                .endsWith("Only the 3 that are confused are shown.");
    }

    @Test
    void ofManyConfusedClassesThoseWithTheMostMistakesAreShown() {
        long[][] counts = diagonal(131);
        for (int c = 0; c < 130; c += 2) {
            counts[c][c + 1] = c < 30 ? 3 : 1; // 15 pairs with three mistakes, 50 with one
        }

        ConfusionMatrix matrix = new ConfusionMatrix(counts, names(131));

        assertThat(matrix.shownClasses()).isEqualTo(names(30));
        assertThat(matrix.note()).endsWith("Only the 30 with the most mistakes are shown, with 45 of the 95 mistakes.");
    }

    @Test
    void ofManyClassesWithoutAMistakeTheLargestAreShown() {
        long[][] counts = diagonal(40);
        counts[39][39] = 11;

        ConfusionMatrix matrix = new ConfusionMatrix(counts, names(40));

        assertThat(matrix.shownClasses()).hasSize(30).contains("class 39");
        assertThat(matrix.note()).endsWith("No class is confused with another; the 30 with the most images are shown.");
    }

    @Test
    void aMatrixOfAnotherShapeIsRefused() {
        assertThatThrownBy(() -> Charts.confusionMatrix(new long[][] {{1, 2}}, List.of("a", "b"), null)).hasMessage(
                "A confusion matrix of 2 classes has as many rows and columns: got 1 rows of [2].");
        assertThatThrownBy(() -> Charts.confusionMatrix(new long[0][], List.of(), null))
                .hasMessage("There is nothing to draw: 0 classes.");
    }

    private static long[][] diagonal(int classes) {
        long[][] counts = new long[classes][classes];
        IntStream.range(0, classes).forEach(c -> counts[c][c] = 10);
        return counts;
    }

    private static List<String> names(int classes) {
        return IntStream.range(0, classes).mapToObj(c -> "class " + c).toList();
    }
}
