package verger.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

class EvenSampleTest {

    @Test
    void allAreKeptWithinTheLimit() {
        EvenSample sample = new EvenSample(100, 100);
        items(100).forEach(sample::add);
        assertThat(sample.items()).hasSize(100);
    }

    @Test
    void aRareClassKeepsAllAndTheOthersShareTheRest() {
        EvenSample sample = new EvenSample(100, 100);
        for (int i = 0; i < 2000; i++) {
            sample.add(Item.of(i % 2 == 0 ? "a" : "b", i, 1, null));
            if (i < 10) {
                sample.add(Item.of("rare", i, 2, null));
            }
        }
        Map<String, Long> counts = sample.items().stream()
                .collect(Collectors.groupingBy(Item::label, Collectors.counting()));
        assertThat(counts).containsEntry("a", 45L).containsEntry("b", 45L).containsEntry("rare", 10L);
        assertThat(sample.total()).isEqualTo(2010);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 7, 200})
    void theChoiceDoesNotDependOnThePartitions(int partitions) {
        List<Item> items = items(5000);
        EvenSample whole = new EvenSample(300, 300);
        items.forEach(whole::add);
        EvenSample merged = new EvenSample(300, 300);
        for (int p = 0; p < partitions; p++) {
            EvenSample part = new EvenSample(300, 300);
            for (int i = p; i < items.size(); i += partitions) {
                part.add(items.get(i));
            }
            merged.merge(part);
        }
        assertThat(merged.items()).isEqualTo(whole.items());
        assertThat(merged.total()).isEqualTo(5000);
    }

    @Test
    void moreClassesThanTheLimitKeepOneEach() {
        EvenSample sample = new EvenSample(10, 10);
        for (int i = 0; i < 300; i++) {
            sample.add(Item.of("class " + i % 100, i, 0, null));
        }
        assertThat(sample.items()).hasSize(100).extracting(Item::label).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 50})
    void ofTooManyClassesTheLargestAreShown(int partitions) {
        EvenSample whole = new EvenSample(4000, 4000);
        List<EvenSample> parts = new ArrayList<>();
        for (int p = 0; p < partitions; p++) {
            parts.add(new EvenSample(4000, 4000));
        }
        for (int i = 0; i < 90_000; i++) { // a folder a day, more in each fifth, and a third with a folder of their own
            Item item = Item.of(i % 3 == 0 ? i + ".jpg" : "day " + (i % 2 == 0 ? i % 500 * 5 : i % 2999), i, 0, null);
            whole.add(item);
            parts.get(i % partitions).add(item);
        }

        EvenSample sample = parts.stream().reduce(new EvenSample(4000, 4000), EvenSample::merge);

        assertThat(sample.items()).isEqualTo(whole.items()).hasSizeBetween(3000, 4000);
        assertThat(sample.classes()).hasSize(1000).noneMatch(name -> name.endsWith(".jpg"));
        assertThat(sample.total()).isEqualTo(90_000);
        assertThat(sample.classCount()).isGreaterThan(30_000);
        assertThat(sample.classesNote()).isEqualTo(" Only the 1,000 classes with the most images are shown.");
    }

    @Test
    void nothingToDrawIsSaidAndCounted() {
        assertThatThrownBy(new EvenSample(10, 10)::items).hasMessage("There is nothing to draw: 0 images.");
        assertThatThrownBy(new EvenSample(10, 10).leaveOut()::items)
                .hasMessage("There is nothing to draw: 0 images, and 1 without a finite projection or content.");
    }

    @Test
    void aSampleTravelsByKryoToo() {
        EvenSample sample = new EvenSample(10, 10);
        sample.add(Item.of("é", 1, 2, new byte[] {3})).add(Item.of(null, 4, 5, null)).leaveOut();
        SerializerInstance kryo = new KryoSerializer(new SparkConf()).newInstance();
        ClassTag<EvenSample> tag = ClassTag$.MODULE$.apply(EvenSample.class);
        EvenSample travelled = kryo.deserialize(kryo.serialize(sample, tag), tag);
        assertThat(travelled.items()).extracting(Item::x).containsExactlyInAnyOrder(1.0, 4.0);
        assertThat(travelled.classes()).containsExactly("é", "(no label)");
        assertThat(travelled.leftOut()).isEqualTo(1);
    }

    private static List<Item> items(int count) {
        Random random = new Random(2);
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(Item.of("class " + (int) (Math.pow(random.nextDouble(), 2) * 12), random.nextGaussian(),
                    random.nextGaussian(), null));
        }
        return items;
    }
}
