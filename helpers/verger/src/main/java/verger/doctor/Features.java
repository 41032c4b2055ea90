package verger.doctor;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import verger.features.ImageFeaturizer;
import verger.networks.NetworkChoice;
import verger.networks.Networks;

/** The whole way from an image to its features, with the network that comes along. */
final class Features {

    private static final String NETWORK = Networks.EFFICIENTNET_LITE0.name();
    private static final String WEIGHTS = "weights";

    private Features() {
    }

    /** Looks for the weights, and sends an image for each core through the network, wherever Spark's tasks run. */
    static List<Finding> tried(SparkSession spark) {
        List<Finding> findings = new ArrayList<>();
        ImageFeaturizer featurizer = new ImageFeaturizer().setNetwork(NETWORK);
        NetworkChoice choice;
        try {
            choice = featurizer.choice();
        } catch (RuntimeException e) {
            return List.of(Finding.failed(Doctor.DRIVER, WEIGHTS, "those of " + NETWORK + " cannot be had", line(e)));
        }
        findings.add(Finding.ok(Doctor.DRIVER, WEIGHTS, NETWORK + " from " + choice.weightsFrom()));
        int tasks = Math.max(1, spark.sparkContext().defaultParallelism());
        try {
            List<Row> rows = Collections.nCopies(tasks, RowFactory.create((Object) image()));
            long made = featurizer.transform(spark.createDataFrame(rows, new StructType().add("content", DataTypes.BinaryType))
                    .repartition(tasks)).where("features is not null").count();
            findings.add(made == tasks ? Finding.ok("tasks", "features", "of " + made + " images")
                    : Finding.failed("tasks", "features", "of " + made + " of " + tasks + " images",
                            "look into the executors' logs"));
        } catch (Exception e) { // Spark throws checked ones that it does not declare
            findings.add(Finding.failed("tasks", "features", "none", line(e)));
        }
        return findings;
    }

    /** What went wrong on an executor stands behind the last "Caused by". */
    private static String line(Exception e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage()).lines().findFirst().orElse(root.getClass().getSimpleName());
    }

    private static byte[] image() throws IOException {
        BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 32 * 32; i++) {
            image.setRGB(i % 32, i / 32, i * 4099);
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(image, "png", png);
        return png.toByteArray();
    }
}
