package verger.storage;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import verger.features.ImageFeaturizer;
import verger.images.Images;

/** A JVM of its own that appends a folder's features and stays forever at one of its images, to be killed there. */
final class StreamChild {

    private StreamChild() {
    }

    static Process start(Path images, Path table, String at, Path reached, Path log) throws IOException {
        return JvmChild.start(StreamChild.class, log, images, table, at, reached);
    }

    public static void main(String[] arguments) {
        SparkSession spark = SparkSession.builder().master("local[2]").config("spark.ui.enabled", false)
                .config("spark.driver.host", "127.0.0.1").getOrCreate();
        ImageFeaturizer featurizer = AppendedFeaturesTest.featurizer();
        Dataset<Row> stream = Images.reader(spark).filesPerBatch(AppendedFeaturesTest.FILES_PER_BATCH).stream(arguments[0]);
        Dataset<Row> slow = JvmChild.waitingAt(stream, arguments[2], arguments[3]);
        new AppendedFeatures(spark, arguments[1]).append(featurizer.transform(slow), featurizer);
    }
}
