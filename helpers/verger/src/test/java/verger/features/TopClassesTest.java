package verger.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

class TopClassesTest {

    private static final float[] PROBABILITIES = {0.1f, 0.4f, 0.1f, 0.3f, 0.1f};

    @Test
    void theMostLikelyComesFirstAndOfEqualOnesTheFirst() {
        assertThat(top(3, List.of("a", "b", "c", "d", "e"))).containsExactly(
                RowFactory.create(1, "b", 0.4f), RowFactory.create(3, "d", 0.3f), RowFactory.create(0, "a", 0.1f));
    }

    @Test
    void classesWithoutNamesAreNumbered() {
        assertThat(top(1, List.of())).containsExactly(RowFactory.create(1, "class 1", 0.4f));
    }

    @Test
    void thereAreNoMoreThanThereAreClasses() {
        assertThat(top(9, List.of())).hasSize(5);
    }

    private static List<Row> top(int k, List<String> names) {
        return List.of(new TopClasses(k, names).of(PROBABILITIES.length, i -> PROBABILITIES[i]));
    }
}
