package verger;

import org.apache.spark.sql.SparkSession;

/** The Spark session that the tests of a JVM share. */
public final class TestSpark {

    private static final SparkSession SESSION = SparkSession.builder()
            .master("local[2]")
            .appName("verger-tests")
            .config("spark.ui.enabled", false)
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", 2)
            .config("spark.sql.warehouse.dir", "target/spark-warehouse")
            .getOrCreate();

    private TestSpark() {
    }

    public static SparkSession session() {
        return SESSION;
    }
}
