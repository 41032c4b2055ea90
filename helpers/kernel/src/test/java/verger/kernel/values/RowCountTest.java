package verger.kernel.values;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.kernel.TestSpark;

class RowCountTest {

    private final SparkSession spark = TestSpark.session();
    private final AtomicInteger jobs = new AtomicInteger();
    private final SparkListener listener = new SparkListener() {
        @Override
        public void onJobStart(SparkListenerJobStart start) {
            jobs.incrementAndGet();
        }
    };

    @BeforeEach
    void countJobs() {
        spark.sparkContext().addSparkListener(listener);
    }

    @AfterEach
    void forget() {
        spark.sparkContext().removeSparkListener(listener);
        spark.catalog().clearCache();
    }

    @Test
    void knowsRowsThatWereGivenAndARange() {
        Dataset<Row> given = spark.createDataset(Collections.nCopies(78, "Fig"), Encoders.STRING()).toDF("label");

        assertThat(RowCount.of(given)).hasValue(78);
        assertThat(RowCount.of(given.selectExpr("upper(label)").sort("upper(label)"))).hasValue(78);
        assertThat(RowCount.of(given.limit(7))).hasValue(7);
        assertThat(RowCount.of(spark.range(100).repartition(3))).hasValue(100);
        assertThat(RowCount.of(spark.range(100).filter("id % 3 = 0"))).isEmpty();
        assertThat(RowCount.of(spark.range(100).selectExpr("explode(array(1, 2))"))).isEmpty();
        assertThat(RowCount.of(spark.range(100).groupBy("id").count())).isEmpty();
        assertThat(ranJobs()).isZero();
    }

    @Test
    void knowsWhatIsWhollyCachedAndNotWhatIsPartlySo() {
        Dataset<Row> odd = spark.range(0, 25_000, 1, 3).filter("id % 2 = 1").toDF();
        assertThat(RowCount.of(odd)).isEmpty();
        odd.persist();
        assertThat(RowCount.of(odd)).isEmpty();
        spark.conf().set("spark.sql.adaptive.enabled", false); // it would cache all of it at the first look
        try {
            odd.select("id").javaRDD().collectPartitions(new int[] {0});
        } finally {
            spark.conf().unset("spark.sql.adaptive.enabled");
        }
        assertThat(RowCount.of(odd)).isEmpty();

        odd.count();
        int before = ranJobs();

        assertThat(RowCount.of(odd)).hasValue(12_500);
        assertThat(DatasetTable.of(odd.selectExpr("id + 1 as next")).text()).endsWith("(20 of 12,500 rows)");
        assertThat(ranJobs()).isEqualTo(before + 1);
        odd.unpersist(true);
        assertThat(RowCount.of(odd)).isEmpty();
    }

    @Test
    void readsNothingBackFromADisk() {
        Dataset<Row> odd = spark.range(100).filter("id % 2 = 1").toDF().persist(StorageLevel.DISK_ONLY());
        odd.count();

        assertThat(RowCount.of(odd)).isEmpty();
    }

    @Test
    void knowsTheRowsOfAFewParquetFiles(@TempDir Path folder) {
        String table = folder.resolve("prune à l'eau 100%.parquet").toString();
        spark.range(0, 1000, 1, 3).selectExpr("id", "id % 2 as odd").write().partitionBy("odd").parquet(table);
        int before = ranJobs();
        Dataset<Row> read = spark.read().schema("id bigint, odd int").parquet(table);

        assertThat(RowCount.of(read)).hasValue(1000);
        assertThat(RowCount.of(read.filter("odd = 1"))).isEmpty();
        assertThat(ranJobs()).isEqualTo(before);
    }

    @Test
    void whatIsShownWholeNeedsNoCount() {
        Dataset<Row> few = spark.range(9).filter("id > 1").toDF();

        assertThat(DatasetTable.of(few).text()).endsWith("(7 rows)");
        assertThat(DatasetTable.of(few, 1).text()).endsWith("(the first row)");
        assertThat(DatasetTable.of(spark.createDataset(List.of("a", "b"), Encoders.STRING()).toDF(), 1).text())
                .endsWith("(1 of 2 rows)");
    }

    /** Listeners hear of jobs later than these end. */
    private int ranJobs() {
        try {
            spark.sparkContext().listenerBus().waitUntilEmpty();
        } catch (java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException(e);
        }
        return jobs.get();
    }
}
