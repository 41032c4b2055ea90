package verger.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

class TopClassesTest {

    private static final float[] PROBABILITIES = {0.1f, 0.4f, 0.1f, 0.3f, 0.1f};

    @Test
    void theMostLikelyComesFirstAndOfEqualOnesTheFirst() {
        assertThat(new TopClasses(3, List.of("a", "b", "c", "d", "e")).value(PROBABILITIES)).containsExactly(
                RowFactory.create(1, "b", 0.4f), RowFactory.create(3, "d", 0.3f), RowFactory.create(0, "a", 0.1f));
    }

    @Test
    void classesWithoutNamesAreNumbered() {
        assertThat(new TopClasses(1, List.of()).value(PROBABILITIES)).containsExactly(RowFactory.create(1, "class 1", 0.4f));
    }

    @Test
    void thereAreNoMoreThanTheNetworkHas() {
        assertThat(new TopClasses(9, List.of()).value(PROBABILITIES)).hasSize(5);
    }
}
