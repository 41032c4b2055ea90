package verger.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import verger.TestSpark;

/** Of a list and of a Dataset. */
class SampleTest {

    private enum From {
        LIST {
            @Override
            Sample sample(List<Item> items, Sample.Limits limits) {
                return Sample.of(items, 0, limits);
            }
        },
        DATASET {
            @Override
            Sample sample(List<Item> items, Sample.Limits limits) {
                return DatasetSampler.of(dataset(items), "pca", Axes.FIRST_TWO, false, limits);
            }
        };

        abstract Sample sample(List<Item> items, Sample.Limits limits);
    }

    @ParameterizedTest
    @EnumSource
    void allAreShownWithinTheLimit(From from) {
        Sample sample = from.sample(items(100, 12), new Sample.Limits(100));

        assertThat(sample.items()).extracting(Item::x).containsExactlyInAnyOrderElementsOf(
                IntStream.range(0, 100).mapToObj(i -> (double) i).toList());
        assertThat(sample.classes()).hasSize(12);
        assertThat(sample.classesNote()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aRareClassKeepsAllAndTheOthersShareTheRest(From from) {
        List<Item> items = items(2000, 2);
        IntStream.range(0, 10).forEach(i -> items.add(new Item("rare", i, 2, null)));

        Sample sample = from.sample(items, new Sample.Limits(100));

        assertThat(counts(sample)).isEqualTo(Map.of("class 0", 45L, "class 1", 45L, "rare", 10L));
        assertThat(sample.total()).isEqualTo(2010);
        assertThat(counts(from.sample(items, new Sample.Limits(100, 20, 9))))
                .isEqualTo(Map.of("class 0", 20L, "class 1", 20L, "rare", 10L));
    }

    @ParameterizedTest
    @EnumSource
    void moreClassesThanTheLimitShowOneEach(From from) {
        assertThat(from.sample(items(300, 100), new Sample.Limits(10)).items()).hasSize(100)
                .extracting(Item::label).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void ofTooManyClassesTheLargestAreShown(From from) {
        List<Item> items = items(600, 60); // ten of each
        IntStream.range(0, 400).forEach(i -> items.add(new Item(i + ".jpg", i, 1, null)));
        IntStream.range(0, 50).forEach(i -> items.add(new Item("class " + i % 5, i, 2, null)));

        Sample sample = from.sample(items, new Sample.Limits(60, 60, 8));

        // 8 classes of 20 or ten share 60; of those with ten each the names decide.
        assertThat(sample.classes()).containsExactly("class 0", "class 1", "class 10", "class 11", "class 12", "class 2",
                "class 3", "class 4");
        assertThat(counts(sample).values()).hasSize(8).containsOnly(7L);
        assertThat(sample.total()).isEqualTo(1050);
        assertThat(sample.classCount()).isEqualTo(460);
        assertThat(sample.classesNote()).isEqualTo(" Only the 8 classes with the most images are shown.");
    }

    @Test
    void theChoiceDoesNotDependOnThePartitions() {
        List<Item> items = items(1000, 7);
        Dataset<Row> rows = dataset(items);

        List<Item> chosen = From.DATASET.sample(items, new Sample.Limits(70)).items();

        assertThat(chosen).hasSize(70);
        for (Dataset<Row> other : List.of(rows.coalesce(1), rows.orderBy(rows.col("label").desc()).repartition(9))) {
            assertThat(DatasetSampler.of(other, "pca", Axes.FIRST_TWO, false, new Sample.Limits(70)).items()).isEqualTo(chosen);
        }
        assertThat(From.LIST.sample(items, new Sample.Limits(70)).items()).as("of a list")
                .isEqualTo(From.LIST.sample(items, new Sample.Limits(70)).items());
    }

    @Test
    void whatHasNoPlaceIsCounted() {
        List<Item> items = new ArrayList<>(List.of(new Item(" ", 1, 2, null), new Item("é ", 3, 4, null)));
        items.add(new Item("é", Double.NaN, 1, null));
        items.add(new Item("é", 1, Double.POSITIVE_INFINITY, null));
        items.add(null);

        Sample sample = From.DATASET.sample(items, new Sample.Limits(10));

        assertThat(sample.classes()).containsExactly("é", Classes.NO_LABEL);
        assertThat(sample.items()).extracting(Item::y).containsExactlyInAnyOrder(2.0, 4.0);
        assertThat(sample.leftOut()).isEqualTo(3);
        assertThatThrownBy(() -> From.DATASET.sample(items.subList(2, 5), new Sample.Limits(10))).hasMessage(
                "There is nothing to draw: 0 images, and 3 without a finite projection or content.");
        assertThatThrownBy(() -> Sample.of(List.of(), 0, new Sample.Limits(10)))
                .hasMessage("There is nothing to draw: 0 images.");
    }

    @Test
    void aProjectionOnTooFewComponentsIsRefused() {
        assertThatThrownBy(() -> DatasetSampler.of(dataset(items(9, 2)), "pca", new Axes(1, 3), false, new Sample.Limits(9)))
                .hasStackTraceContaining("A projection on components 1 and 3 needs k of 3 or more: got 2;");
    }

    @Test
    void nothingOfTheDatasetStaysInTheCache() {
        int before = TestSpark.session().sparkContext().getPersistentRDDs().size();

        From.DATASET.sample(items(50, 5), new Sample.Limits(10));

        assertThat(TestSpark.session().sparkContext().getPersistentRDDs().size()).isEqualTo(before);
    }

    private static Map<String, Long> counts(Sample sample) {
        return sample.items().stream().collect(Collectors.groupingBy(Item::label, Collectors.counting()));
    }

    private static List<Item> items(int count, int classes) {
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(new Item("class " + i % classes, i, i % 17, null));
        }
        return items;
    }

    /** Shuffled, as hashes of places tell which rows are chosen; null is a row without a projection. */
    private static Dataset<Row> dataset(List<Item> items) {
        List<Row> rows = new ArrayList<>();
        for (Item item : items) {
            rows.add(item == null ? RowFactory.create(null, null)
                    : RowFactory.create(item.label(), Vectors.dense(item.x(), item.y())));
        }
        Collections.shuffle(rows, new Random(4));
        return TestSpark.session().createDataFrame(rows,
                new StructType().add("label", DataTypes.StringType).add("pca", SQLDataTypes.VectorType()));
    }
}
