package verger.box.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.files.S3Commit;

/** Tables that a notebook writes by itself, under the kernel's own {@code spark-defaults.conf}. */
@Tag("slow")
class KernelDefaultsTest {

    private static final String HADOOP = "spark.hadoop.";

    private final SparkSession spark = TestS3.spark();
    private final Map<String, String> set = new LinkedHashMap<>();

    @TempDir
    Path folder;

    @BeforeEach
    void setDefaults() throws IOException {
        Properties defaults = new Properties(); // which is how Spark reads the file
        try (Reader reader = Files.newBufferedReader(TestS3.HOME.resolve("helpers/kernel/spark-defaults.conf"))) {
            defaults.load(reader);
        }
        defaults.forEach((name, value) -> {
            String key = name.toString();
            if (key.startsWith(HADOOP) || key.startsWith("spark.sql.")) {
                set.put(key.startsWith(HADOOP) ? key.substring(HADOOP.length()) : key, value.toString().strip());
            }
        });
        set.put("spark.sql.sources.partitionOverwriteMode", "dynamic");
        set.forEach(spark.conf()::set);
    }

    @AfterEach
    void unsetDefaults() {
        set.keySet().forEach(spark.conf()::unset);
        spark.conf().set("spark.sql.shuffle.partitions", 4);
    }

    @Test
    void lieOnS3ByEitherName() throws IOException {
        try (TestS3 s3 = new TestS3(folder, "of-ones-own", TestS3.CREDENTIALS)) {
            spark.range(10).write().parquet("s3://of-ones-own/ten");

            assertThat(spark.read().parquet(s3.uri("ten")).count()).isEqualTo(10);
        }
    }

    @Test
    void areCommittedByMagicWhenAskedFor() throws IOException {
        try (TestS3 s3 = new TestS3(folder, "by-magic", TestS3.CREDENTIALS)) {
            S3Commit.during(spark, "s3://by-magic/ten", () -> spark.range(10).write().parquet("s3://by-magic/ten"));

            assertThat(new String(s3.content("ten/_SUCCESS"), StandardCharsets.UTF_8)).contains("\"committer\" : \"magic\"");
        }
    }

    @Test
    void areWrittenToTheDiskAsEver() {
        String table = folder.resolve("table").toString();
        spark.range(10).selectExpr("id", "id % 2 as part").write().partitionBy("part").parquet(table);

        spark.range(1).selectExpr("id", "1 as part").write().partitionBy("part").mode(SaveMode.Overwrite).parquet(table);

        assertThat(spark.read().parquet(table).filter("part = 0").count()).isEqualTo(5);
        assertThat(spark.read().parquet(table).filter("part = 1").count()).isEqualTo(1);
        assertThat(folder.resolve("table/_SUCCESS")).isEmptyFile();
    }
}
