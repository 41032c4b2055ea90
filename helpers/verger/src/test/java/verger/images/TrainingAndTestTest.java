package verger.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.TestSpark;

class TrainingAndTestTest {

    @TempDir
    Path folder;

    @Test
    void bothPartsAreOneDataFrame() {
        write("Training/Pêche plate", 3);
        write("Training/Fig", 2);
        write("Test/Fig", 1);

        Dataset<Row> images = TrainingAndTest.read(TestSpark.session(), folder.toString(), null);

        assertThat(images.groupBy("part", "label").count().collectAsList()).containsExactlyInAnyOrder(
                RowFactory.create("Training", "Pêche plate", 3L), RowFactory.create("Training", "Fig", 2L),
                RowFactory.create("Test", "Fig", 1L));
        assertThat(images.columns()).containsExactly("origin", "label", "modified", "length", "content", "part");
    }

    @Test
    void aLimitIsForEachPart() {
        write("Training/Fig", 5);
        write("Training/Pear", 5);
        write("Test/Fig", 5);

        assertThat(TrainingAndTest.read(TestSpark.session(), folder.toString(), 4).groupBy("part", "label").count()
                .collectAsList())
                .containsExactlyInAnyOrder(RowFactory.create("Training", "Fig", 2L), RowFactory.create("Training", "Pear", 2L),
                        RowFactory.create("Test", "Fig", 4L));
    }

    @Test
    void aUriWithPercentSignsAndAFolderWithAColonAreFound() {
        write("odd names 10:22/Training/Fig", 1);
        write("odd names 10:22/Test/Fig", 1);

        assertThat(TrainingAndTest.read(TestSpark.session(), "file://" + folder + "/odd%20names%2010:22", null).count())
                .isEqualTo(2);
        assertThat(TrainingAndTest.read(TestSpark.session(), folder + "/odd names 10:22/", null).count()).isEqualTo(2);
    }

    @Test
    void whatIsMissingIsSaid() throws Exception {
        String wayOut = " in " + folder + ": give a folder that holds Training and Test, each with a folder for each class";
        assertThatThrownBy(() -> TrainingAndTest.read(TestSpark.session(), folder.toString(), null))
                .hasMessage("There is no Training and no Test" + wayOut);
        write("Training/Fig", 1);
        assertThatThrownBy(() -> TrainingAndTest.read(TestSpark.session(), folder.toString(), null))
                .hasMessage("There is no Test" + wayOut);
        Files.createDirectories(folder.resolve("Test"));
        assertThatThrownBy(() -> TrainingAndTest.read(TestSpark.session(), folder.toString(), null))
                .hasMessageContaining("There are no files below " + folder + "/Test");
        assertThatThrownBy(() -> TrainingAndTest.read(TestSpark.session(), "", null)).as("the folder of the test itself")
                .hasMessageStartingWith("There is no Training and no Test in : give a folder");
    }

    @Test
    void aFolderThatMayNotBeListedIsNoFolderThatIsMissing() {
        TroubledFileSystem.configured(TestSpark.session().sparkContext().hadoopConfiguration());
        TroubledFileSystem.failsToList(new IOException("connection reset"));

        assertThatThrownBy(() -> TrainingAndTest.read(TestSpark.session(), "troubled://images" + folder, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot list the images at troubled://images" + folder + "/Training: connection reset");
    }

    private void write(String in, int count) {
        for (int i = 0; i < count; i++) {
            TestImages.write(folder.resolve(in).resolve(i + "_100.jpg"), TestImages.jpeg(20, Color.RED));
        }
    }
}
