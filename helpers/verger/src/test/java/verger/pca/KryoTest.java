package verger.pca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.serializer.SerializerInstance;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/** What travels between executors and driver does so by Java's serialization, or by Kryo, which many clusters switch on. */
class KryoTest {

    private enum By {
        JAVA(new JavaSerializer(new SparkConf())), KRYO(new KryoSerializer(new SparkConf()));

        private final Serializer serializer;

        By(Serializer serializer) {
            this.serializer = serializer;
        }
    }

    @ParameterizedTest
    @EnumSource(By.class)
    void momentsWithAScatterTravel(By by) {
        // 150 features: the triangle of 11,325 numbers is longer than what is written at once.
        for (int features : new int[] {1, 3, 150}) {
            Moments moments = moments(200, features);
            Moments travelled = travelled(by, moments);
            assertThat(travelled.hasAllRows()).isFalse();
            assertThat(travelled.count()).isEqualTo(200);
            assertThat(travelled.features()).isEqualTo(features);
            assertThat(travelled.scatter()).containsExactly(moments.scatter());
            assertThat(travelled.mean()).containsExactly(moments.mean());
            assertThat(travelled.differ()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(By.class)
    void momentsOfFewRowsTravelAsTheseRows(By by) {
        Moments travelled = travelled(by, moments(5, 40));
        assertThat(travelled.hasAllRows()).isTrue();
        assertThat(travelled.rows().toArray(new double[0][])).isDeepEqualTo(LocalSpark.gaussian(5, 40, 5, 1));
    }

    @ParameterizedTest
    @EnumSource(By.class)
    void momentsWithoutRowsTravel(By by) {
        assertThat(travelled(by, new Moments(4, true)).count()).isZero();
    }

    @ParameterizedTest
    @EnumSource(By.class)
    void momentsThatTravelledGoOnCounting(By by) {
        double[][] rows = LocalSpark.gaussian(300, 9, 1e6, 1);
        Moments whole = new Moments(9, false);
        Moments parts = new Moments(9, false);
        for (int i = 0; i < rows.length; i++) {
            whole.add(rows[i]);
            parts.add(rows[i]);
            if (i % 100 == 0) {
                parts.close();
                parts = travelled(by, parts);
            }
        }
        whole.close();
        parts.close();
        Moments merged = travelled(by, parts);
        merged.merge(travelled(by, whole));
        assertThat(merged.count()).isEqualTo(600);
        double[] once = whole.scatter();
        for (int at = 0; at < once.length; at++) {
            assertThat(merged.scatter()[at]).isCloseTo(2 * once[at], within(1e-11 * 600));
        }
    }

    @ParameterizedTest
    @EnumSource(By.class)
    void gatheredRowsTravel(By by) {
        MemoryLimits limits = new MemoryLimits(new MemoryLimits.Process(1L << 40, 1L << 40), null, 1, false);
        MomentsAggregator none = travelled(by, new MomentsAggregator("features", false, limits, 0));
        assertThatThrownBy(none::usable).hasMessage("A PCA needs at least two rows: got 0.");
        FeatureColumn column = FeatureColumn.of(DataTypes.createArrayType(DataTypes.DoubleType));
        List<InternalRow> rows = new ArrayList<>();
        rows.add(new GenericInternalRow(new Object[] {null}));
        for (double[] row : LocalSpark.gaussian(200, 3, 5, 1)) {
            rows.add(new GenericInternalRow(new Object[] {new GenericArrayData(row)}));
        }
        MomentsAggregator gathered = travelled(by, new MomentsAggregator.Gather(column, none).call(rows.iterator()).next());
        // Merged with itself: its limits are still of use.
        MomentsAggregator twice = none.merge(gathered).merge(travelled(by, gathered));
        assertThat(twice.skipped()).isEqualTo(2);
        assertThat(twice.usable().count()).isEqualTo(400);
        assertThat(twice.usable().mean()).containsExactly(moments(200, 3).mean(), within(1e-14));
        rows.add(new GenericInternalRow(new Object[] {new GenericArrayData(new double[] {1, Double.NaN, 2})}));
        MomentsAggregator bad = travelled(by, new MomentsAggregator.Gather(column, none).call(rows.iterator()).next());
        assertThatThrownBy(bad::usable).hasMessageContaining("has NaN for feature 1 of column \"features\"");
    }

    @ParameterizedTest
    @EnumSource(By.class)
    void projectionsTravel(By by) {
        Projection projection = new Projection("features", new double[] {1, 1}, new double[] {0.6, 0.8});
        assertThat(travelled(by, projection).of(Vectors.dense(2, 3)).toArray()).containsExactly(0.6 + 1.6);
    }

    private static Moments moments(int n, int d) {
        Moments moments = new Moments(d, false);
        for (double[] row : LocalSpark.gaussian(n, d, 5, 1)) {
            moments.add(row);
        }
        moments.close();
        return moments;
    }

    @SuppressWarnings("unchecked")
    private static <T> T travelled(By by, T object) {
        SerializerInstance serializer = by.serializer.newInstance();
        ClassTag<T> tag = (ClassTag<T>) ClassTag$.MODULE$.apply(object.getClass());
        ByteBuffer bytes = serializer.serialize(object, tag);
        return serializer.deserialize(bytes, tag);
    }
}
