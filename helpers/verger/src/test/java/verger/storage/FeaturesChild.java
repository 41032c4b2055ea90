package verger.storage;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import verger.images.Images;

/** A JVM of its own that makes a folder's features and stays forever at one of its images, to be killed there. */
final class FeaturesChild {

    private FeaturesChild() {
    }

    /** @param arguments folder of images, output, end of the image's origin, file that is made there */
    public static void main(String[] arguments) {
        SparkSession spark = SparkSession.builder().master("local[2]").config("spark.ui.enabled", false)
                .config("spark.driver.host", "127.0.0.1").getOrCreate();
        Dataset<Row> images = JvmChild.waitingAt(Images.read(spark, arguments[0]), arguments[2], arguments[3]);
        Run.of(spark, arguments[0], arguments[1]).features(ResumedRunTest.featurizer(), images, false);
    }
}
