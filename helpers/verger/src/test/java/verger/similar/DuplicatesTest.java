package verger.similar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.TestSpark;
import verger.images.Images;
import verger.images.TestImages;

class DuplicatesTest {

    @Test
    void identicalFilesAreGroups(@TempDir Path folder) throws Exception {
        byte[] red = TestImages.jpeg(100, Color.RED);
        byte[] blue = TestImages.jpeg(120, Color.BLUE);
        byte[] another = blue.clone();
        another[another.length - 1] ^= 1; // of the same length
        for (String name : List.of("b/1.jpg", "a/été 2.jpg", "c/3.jpg")) {
            TestImages.write(folder.resolve(name), red);
        }
        TestImages.write(folder.resolve("a/4.jpg"), blue);
        TestImages.write(folder.resolve("a/5.jpg"), blue);
        TestImages.write(folder.resolve("a/6.jpg"), another);
        TestImages.write(folder.resolve("a/7.jpg"), TestImages.jpeg(90, Color.GREEN));
        TestImages.write(folder.resolve("a/empty 1.jpg"), new byte[0]);
        TestImages.write(folder.resolve("a/empty 2.jpg"), new byte[0]);
        for (String name : List.of("a/no image 1.txt", "a/no image 2.txt")) { // both are read as the same sentence
            TestImages.write(folder.resolve(name), (name + " ").repeat(1000).getBytes(StandardCharsets.UTF_8));
        }

        List<Row> found = Duplicates.identical(Images.read(TestSpark.session(), folder.toString())).collectAsList();

        assertThat(found).extracting(row -> row.getInt(0) + " " + folder.relativize(Path.of(row.getString(1))))
                .containsExactly("1 a/4.jpg", "1 a/5.jpg", "2 a/été 2.jpg", "2 b/1.jpg", "2 c/3.jpg");
        String sha256 = new String(new ProcessBuilder("sha256sum", folder + "/a/4.jpg").start().getInputStream().readAllBytes(),
                StandardCharsets.UTF_8).substring(0, 64);
        assertThat(found.get(0).getString(2)).isEqualTo(sha256);
        Files.delete(folder.resolve("a/4.jpg"));
        assertThat(Duplicates.identical(Images.read(TestSpark.session(), folder + "/a")).collectAsList()).isEmpty();
    }

    /** At 0°, 5°, 10°; at 90° and 93°; and at 180° alone. */
    @Test
    void nearOnesAreGroupsOfWhichEachIsNearToAnother() {
        double[] degrees = {10, 90, 0, 180, 5, 93};
        double[][] vectors = new double[degrees.length][];
        for (int i = 0; i < degrees.length; i++) {
            double angle = Math.toRadians(degrees[i]);
            vectors[i] = new double[] {(i + 1) * Math.cos(angle), (i + 1) * Math.sin(angle)};
        }

        List<Row> found = Duplicates.near(SimilarImagesTest.vectors(vectors).repartition(3), "features",
                Math.cos(Math.toRadians(6))).collectAsList();

        assertThat(found).extracting(row -> row.getInt(0) + " " + row.getString(1))
                .containsExactly("1 image 0", "1 image 2", "1 image 4", "2 image 1", "2 image 5");
        assertThat(found.get(0).getDouble(2)).isCloseTo(Math.cos(Math.toRadians(5)), within(1e-12));
        assertThat(found.get(3).getDouble(2)).isCloseTo(Math.cos(Math.toRadians(3)), within(1e-12));
    }

    /** More than go through the others together, each with a twin far away in the order. */
    @Test
    void twinsInDifferentBlocksAreFound() {
        int pairs = 550;
        double[][] vectors = new double[2 * pairs][];
        for (int i = 0; i < pairs; i++) {
            double angle = Math.PI * i / pairs;
            vectors[i] = new double[] {Math.cos(angle), Math.sin(angle)};
            vectors[pairs + i] = new double[] {3 * Math.cos(angle), 3 * Math.sin(angle)};
        }

        List<Row> found = Duplicates.near(SimilarImagesTest.vectors(vectors), "features", 1).collectAsList();

        assertThat(found).hasSize(2 * pairs);
        for (int i = 0; i < found.size(); i += 2) {
            int first = Integer.parseInt(found.get(i).getString(1).substring("image ".length()));
            int second = Integer.parseInt(found.get(i + 1).getString(1).substring("image ".length()));
            assertThat(Math.abs(first - second)).isEqualTo(pairs);
            assertThat(found.get(i).getInt(0)).isEqualTo(found.get(i + 1).getInt(0)).isEqualTo(i / 2 + 1);
        }
    }

    @Test
    void aLongComparisonIsAnnounced() {
        double[][] vectors = new double[200][100];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i][i % 100] = 1;
        }

        // 200 · 200 / 2 · 100 multiplications are two million: 6 ms of the slowest cores.
        assertThat(Warnings.of(SearchTime.class, () -> Duplicates.near(SimilarImagesTest.vectors(vectors), "features", 0.9,
                new SearchTime(0.005)))).singleElement().asString().startsWith("Comparing all pairs of 200 images takes some ");
        assertThat(Warnings.of(SearchTime.class, () -> Duplicates.near(SimilarImagesTest.vectors(vectors), "features", 0.9)))
                .isEmpty();
    }

    @Test
    void aThresholdIsACosine() {
        assertThatThrownBy(() -> Duplicates.near(SimilarImagesTest.vectors(new double[][] {{1, 2}}), "features", 1.5))
                .hasMessage("threshold is a cosine above 0 and at most 1: got 1.5");
        assertThat(
                Duplicates.near(SimilarImagesTest.vectors(new double[][] {{1, 2}, {2, -1}}), "features", 0.9).collectAsList())
                .isEmpty();
    }
}
