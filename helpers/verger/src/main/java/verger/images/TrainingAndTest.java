package verger.images;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import verger.files.S3;
import verger.files.UserPath;

/**
 * Reads a folder that holds {@code Training} and {@code Test}, each with a folder for each class, as Fruits-360 and many
 * another collection does.
 */
public final class TrainingAndTest {

    public static final String TRAINING = "Training";
    public static final String TEST = "Test";

    private TrainingAndTest() {
    }

    /**
     * Reads all images of both, as {@link Images#read} gives them, with a column {@code part}: {@value #TRAINING} or
     * {@value #TEST}.
     *
     * @param uri   the folder that holds the two, a path or any Hadoop URI
     * @param limit takes only so many images of each part, spread evenly over the classes; null for all
     * @throws IllegalArgumentException if one of the two is not there, or empty
     */
    public static Dataset<Row> read(SparkSession spark, String uri, Integer limit) {
        Configuration settings = S3.settings(spark);
        List<String> missing = new ArrayList<>();
        for (String part : List.of(TRAINING, TEST)) {
            if (!exists(folder(uri, part), settings)) {
                missing.add(part);
            }
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("There is no " + String.join(" and no ", missing) + " in " + uri
                    + ": give a folder that holds " + TRAINING + " and " + TEST + ", each with a folder for each class");
        }
        return part(spark, uri, TRAINING, limit).unionByName(part(spark, uri, TEST, limit));
    }

    private static boolean exists(String folder, Configuration settings) {
        Path path = null;
        try {
            if (UserPath.isLocal(folder, settings)) {
                return !LocalMatches.of(folder).paths().isEmpty();
            }
            path = UserPath.of(folder);
            return S3.fileSystem(path, settings).exists(path);
        } catch (FileNotFoundException e) {
            return false;
        } catch (IOException e) {
            String reason = path == null ? e.getMessage() : S3.reason(path, settings, e);
            throw new IllegalArgumentException("Cannot list the images at " + folder + ": " + reason, e);
        }
    }

    private static String folder(String uri, String part) {
        return uri.isEmpty() || uri.endsWith("/") ? uri + part : uri + "/" + part;
    }

    private static Dataset<Row> part(SparkSession spark, String uri, String part, Integer limit) {
        return Images.reader(spark).limit(limit).read(folder(uri, part)).withColumn("part", functions.lit(part));
    }
}
