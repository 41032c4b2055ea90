package verger.pca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What memory a fit is said to take, and that it is refused where it cannot have it. */
class MemoryTest {

    private static final long MIB = 1 << 20;
    private static final long GIB = 1 << 30;

    @Test
    void withManyRowsItIsTheSquareOfTheFeatures() {
        // d² · 8 bytes = 32 MiB; a triangle is half of it, a block of 256 rows an eighth; OpenBLAS' buffer is 32 MiB.
        MemoryEstimate estimate = MemoryEstimate.of(1_000_000, 2048);
        assertThat(estimate.taskNative()).isEqualTo((32 + 4 + 32) * MIB);
        // 1024 rows as they are, two triangles, and one as bytes.
        assertThat(estimate.taskHeap()).isEqualTo((16 + 3 * 16) * MIB);
        assertThat(estimate.driverHeap()).isBetween(2 * 32 * MIB, 4 * 32 * MIB);
        // The matrix, the vectors, and LAPACK's 1 + 4n + n² doubles of work.
        assertThat(estimate.driverNative()).isEqualTo((3 * 32 + 32) * MIB);
        assertThat(MemoryEstimate.of(1025, 2048)).isEqualTo(estimate);
        assertThat(estimate).hasToString("driver 112 MiB of heap and 128 MiB native, each task 64 MiB and 68 MiB");
    }

    @Test
    void withFewRowsItIsTheseRows() {
        MemoryEstimate estimate = MemoryEstimate.of(1024, 2048);
        assertThat(estimate.taskHeap()).isEqualTo(2 * 16 * MIB);
        assertThat(estimate.taskNative()).isZero();
        assertThat(estimate.driverNative()).isLessThan(MemoryEstimate.of(1025, 2048).driverNative());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "10, 10, 10, 4 |",
        "1, 10, 10, 4 | the driver, which has a heap of 1,024 MiB: raise spark.driver.memory, or fit on fewer features.",
        "10, 2, 10, 4 | an executor of 4 tasks at a time, which has a heap of 2,048 MiB: raise spark.executor.memory, "
                + "lower spark.executor.cores, or fit on fewer features.",
        "10, 10, 1, 4 | an executor of 4 tasks at a time, which has 1,024 MiB beside its heap: raise "
                + "spark.executor.memoryOverhead, lower spark.executor.cores, or fit on fewer features.",
        "10, 10, 1, 1 |",
        "4, 0, 4, 2 |",
        "2, 0, 2, 4 | the driver, which has a heap of 2,048 MiB: raise spark.driver.memory, or fit on fewer features."})
    void aRefusalNamesWhatToRaise(String gibibytes, String where) {
        String[] g = gibibytes.split(", ");
        long[] bytes = Arrays.stream(g).mapToLong(each -> Integer.parseInt(each) * GIB).toArray();
        MemoryLimits limits = new MemoryLimits(new MemoryLimits.Process(bytes[0], bytes[0]),
                bytes[1] == 0 ? null : new MemoryLimits.Process(bytes[1], bytes[2]), Integer.parseInt(g[3]), false);
        // 6400² · 8 bytes = 312.5 MiB.
        String refusal = limits.refusal(100_000, 6400);
        if (where == null) {
            assertThat(refusal).isNull();
        } else {
            assertThat(refusal).startsWith("A PCA of d = 6400 features needs ").contains(" MiB of native memory on ")
                    .endsWith(where);
        }
    }

    @Test
    void withoutANativeLibraryAllMemoryIsHeap() {
        // 3.5 · 512 MiB of heap and nearly as much beside it: more than 0.7 of 3.7 GiB.
        assertThat(limits(false).refusal(100_000, 8192)).isNull();
        assertThat(limits(true).refusal(100_000, 8192)).contains("which has a heap of 4,096 MiB");
    }

    private static MemoryLimits limits(boolean inJava) {
        return new MemoryLimits(new MemoryLimits.Process(4 * GIB, 4 * GIB), null, 1, inJava);
    }

    @Test
    void ofCachedRowsAFitThatIsTooLargeIsRefusedBeforeAnyJob() {
        Dataset<Row> rows = wide(11_000, true).cache();
        rows.count();
        assertThat(jobsOf(rows, () -> assertThatThrownBy(() -> new PrincipalComponents().fit(rows))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("A PCA of d = 20000 features needs ").hasMessageNotContaining("\n"))).isZero();
        rows.unpersist();
    }

    private static int jobsOf(Dataset<Row> rows, Runnable fit) {
        AtomicInteger jobs = new AtomicInteger();
        SparkListener listener = new SparkListener() {
            @Override
            public void onJobStart(SparkListenerJobStart start) {
                jobs.incrementAndGet();
            }
        };
        rows.sparkSession().sparkContext().addSparkListener(listener);
        try {
            fit.run();
            rows.sparkSession().sparkContext().listenerBus().waitUntilEmpty();
            return jobs.get();
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        } finally {
            rows.sparkSession().sparkContext().removeSparkListener(listener);
        }
    }

    @Test
    void rowsAreKnownOnceTheyAreInTheCacheOrOnTheDriver() {
        Dataset<Row> rows = wide(50, false);
        assertThat(PrincipalComponents.rowsKnown(rows)).isZero();
        Dataset<Row> cached = rows.persist();
        assertThat(PrincipalComponents.rowsKnown(cached)).as("not yet in the cache").isZero();
        cached.count();
        assertThat(PrincipalComponents.rowsKnown(wide(50, false).limit(20))).as("a part of them").isZero();
        assertThat(PrincipalComponents.rowsKnown(cached)).isEqualTo(50);
        cached.unpersist();
        assertThat(PrincipalComponents.rowsKnown(LocalSpark.features(new double[][] {{1, 2}, null, {3, 4}}))).isEqualTo(3);
    }

    @Test
    void whatTheOptimizerEstimatesIsNotKnown(@TempDir Path folder) {
        SparkSession session = LocalSpark.session();
        String path = folder.resolve("rows").toString();
        session.range(50).selectExpr("id", "array(cast(id as double), 1d) features").write().parquet(path);
        session.sql("create table estimated using parquet location '" + path + "'");
        session.conf().set("spark.sql.cbo.enabled", true);
        try {
            session.sql("analyze table estimated compute statistics");
            Dataset<Row> rows = session.table("estimated").filter("crc32(cast(id as string)) % 10 = 0");
            assertThat(rows.queryExecution().optimizedPlan().stats().rowCount().get().longValue()).isGreaterThan(rows.count());
            assertThat(PrincipalComponents.rowsKnown(rows)).isZero();
            assertThat(PrincipalComponents.rowsKnown(rows.persist())).as("not yet in the cache").isZero();
            rows.unpersist();
        } finally {
            session.conf().unset("spark.sql.cbo.enabled");
            session.sql("drop table estimated");
        }
    }

    @Tag("slow")
    @Test
    void ofCachedRowsTooManyComponentsAreRefusedBeforeAnyJob() {
        Dataset<Row> rows = wide(50, true).cache();
        rows.count();
        assertThat(jobsOf(rows, () -> assertThatThrownBy(() -> new PrincipalComponents().setK(50).fit(rows)).hasMessage(
                "k = 50 is not among the 1 to 49 components that n = 50 rows of d = 20000 features have, min(n − 1, d): "
                        + "choose another k or more rows.")))
                .isZero();
        rows.unpersist();
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void otherwiseItIsRefusedInOneSentenceToo(boolean told) {
        assertThatThrownBy(() -> new PrincipalComponents().fit(wide(11_000, told)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("A PCA of ").hasMessageContaining("d = 20000 features needs ")
                .hasMessageNotContaining("\n");
    }

    /** So many rows of 20,000 features, of which all but one are zero: small until they are multiplied. */
    private static Dataset<Row> wide(int n, boolean told) {
        StructType schema = new StructType().add("features", SQLDataTypes.VectorType(), true,
                told ? new AttributeGroup("features", 20_000).toMetadata() : Metadata.empty());
        Dataset<Row> rows = LocalSpark.session().range(0, n, 1, 2).map((MapFunction<Long, Row>) id -> RowFactory.create(
                Vectors.sparse(20_000, new int[] {(int) (id % 20_000)}, new double[] {1})),
                Encoders.row(schema));
        return rows.select(functions.col("features").as("features", schema.apply(0).metadata()));
    }
}
