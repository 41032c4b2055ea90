package verger.storage;

import java.awt.image.BufferedImage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.functions$;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.knowm.xchart.internal.chartpart.Chart;
import verger.charts.Png;

/**
 * Saves what a run found into a folder of any Hadoop file system, and replaces an earlier result only when all is written.
 *
 * <p>Everything goes into a hidden folder inside the output first; {@link #publish} moves it into place, the manifest last:
 * a folder that has a {@code manifest.json} holds a whole result.
 *
 * <pre>{@code
 * Results results = new Results(spark, "s3a://fruits/out");
 * results.saveProjection(projected);
 * results.saveManifest(manifest);
 * results.publish();
 * }</pre>
 */
public final class Results {

    private static final String MANIFEST = "manifest.json";

    private final FileSystem fs;
    private final Path output;
    private final Path staging;

    /**
     * @param output folder, made if it does not exist
     * @throws IllegalArgumentException if it cannot be written
     */
    public Results(SparkSession spark, String output) {
        try {
            Path folder = new Path(output);
            this.fs = folder.getFileSystem(spark.sessionState().newHadoopConf());
            this.output = fs.makeQualified(folder);
            this.staging = new Path(this.output, "_writing-" + UUID.randomUUID());
            fs.mkdirs(staging);
            fs.deleteOnExit(staging); // what a run leaves that dies before it publishes
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException("Cannot write results to " + output + ": " + e.getMessage(), e);
        }
    }

    /** Where the results are once {@link #publish} has returned. */
    public String location() {
        return output.toUri().getScheme().equals("file") ? output.toUri().getPath() : output.toString();
    }

    /**
     * Saves {@code features.parquet}: origin, label, features (array of floats).
     *
     * @param features columns {@code origin}, {@code label}, {@code features} (vector); rows without features are left out
     */
    public void saveFeatures(Dataset<Row> features) {
        features.filter(features.col("features").isNotNull())
                .select(features.col("origin"), features.col("label"), array(features.col("features"), "float32").as("features"))
                .write().parquet(staged("features.parquet"));
    }

    /**
     * Saves {@code projection.parquet} and {@code projection.json}: origin, label, pca (array of doubles).
     *
     * @param projected columns {@code origin}, {@code label}, {@code pca} (vector); rows without pca are left out
     */
    public void saveProjection(Dataset<Row> projected) {
        Dataset<Row> plain = projected.filter(projected.col("pca").isNotNull())
                .select(projected.col("origin"), projected.col("label"), array(projected.col("pca"), "float64").as("pca"));
        plain.write().parquet(staged("projection.parquet"));
        plain.write().json(staged("projection.json"));
    }

    private static Column array(Column vector, String type) {
        return functions$.MODULE$.vector_to_array(vector, type);
    }

    /**
     * Saves {@code explained-variance.csv}: component (from 1), share of the variance, cumulative share.
     *
     * @param shares of each component, largest first
     */
    public void saveExplainedVariance(double[] shares) {
        StringBuilder csv = new StringBuilder("component,share,cumulative\n");
        double cumulative = 0;
        for (int i = 0; i < shares.length; i++) {
            cumulative += shares[i];
            csv.append(i + 1).append(',').append(shares[i]).append(',').append(cumulative).append('\n');
        }
        save("explained-variance.csv", csv.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Saves {@code charts/<name>.png}, at twice the chart's size. */
    public void saveChart(String name, Chart<?, ?> chart) {
        save("charts/" + name + ".png", Png.of(chart));
    }

    /** Saves {@code charts/<name>.png}, a picture as it is. */
    public void saveChart(String name, BufferedImage picture) {
        save("charts/" + name + ".png", Png.of(picture));
    }

    /** Saves {@code manifest.json}. */
    public void saveManifest(Manifest manifest) {
        save(MANIFEST, manifest.toJson().getBytes(StandardCharsets.UTF_8));
    }

    private void save(String name, byte[] content) {
        Path file = new Path(staging, name);
        try (FSDataOutputStream out = fs.create(file, true)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    private String staged(String name) {
        return new Path(staging, name).toString();
    }

    /**
     * Puts all that was saved into place, over an earlier result; what else is in the folder stays.
     *
     * @throws IllegalStateException if there is no manifest yet
     */
    public void publish() {
        try {
            Path manifest = new Path(staging, MANIFEST);
            if (!fs.exists(manifest)) {
                throw new IllegalStateException("Nothing to publish at " + location() + ": save the manifest first");
            }
            fs.delete(new Path(output, MANIFEST), false);
            for (FileStatus saved : fs.listStatus(staging)) {
                if (!saved.getPath().equals(manifest)) {
                    replace(saved.getPath());
                }
            }
            replace(manifest);
            fs.delete(staging, true);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot publish the results at " + location() + ": " + e.getMessage(), e);
        }
    }

    private void replace(Path saved) throws IOException {
        Path target = new Path(output, saved.getName());
        fs.delete(target, true);
        if (!fs.rename(saved, target)) {
            throw new FileNotFoundException("could not move " + saved + " to " + target);
        }
    }
}
