package verger.storage;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import verger.charts.Png;
import verger.features.ImageFeaturizer;
import verger.files.S3;
import verger.files.S3Commit;
import verger.storage.FeatureParts.Featurized;
import verger.storage.FeatureParts.Published;

/**
 * Saves what a run found into a folder of any Hadoop file system, and replaces an earlier result only when all is written.
 *
 * <p>Everything goes into a hidden folder inside the output first; {@link #publish} moves it into place, the manifest last:
 * a folder that has a {@code manifest.json} holds a whole result, all of one run.
 *
 * <p>A {@link Run} holds results and manifest in the order that they need; this class is for who makes a manifest apart:
 *
 * <pre>{@code
 * Results results = new Results(spark, "s3a://fruits/out");
 * results.saveProjection(projected);
 * results.saveManifest(manifest);
 * results.publish();
 * }</pre>
 */
public final class Results {

    /** Bytes of a file that readers like; a table of less is one file. */
    private static final long FILE_BYTES = 128 << 20;

    static final String FEATURES = "features.parquet";

    /** So often a result is read anew that another run replaces meanwhile. */
    private static final int TRIES = 100;

    private final SparkSession spark;
    private final Configuration conf;
    private final OutputFolder folder;
    /** Null where features are not written as they are made. */
    private FeatureParts parts;
    private Dataset<Row> photographs;

    /**
     * Takes the output for these results, until they are published or the process ends.
     *
     * @param output folder, made if it does not exist
     * @throws IllegalArgumentException if it cannot be written
     * @throws IllegalStateException    if another run writes there; the sentence says who, and since when
     */
    public Results(SparkSession spark, String output) {
        this.spark = spark;
        this.conf = S3.settings(spark);
        this.folder = new OutputFolder(conf, output, spark.sparkContext().applicationId());
    }

    /** Where the results are once {@link #publish} has returned, as a person would type it. */
    public String location() {
        return folder.location();
    }

    /**
     * Makes sure that the next run will not take these results for images.
     *
     * @param images folder that the images are read from
     * @throws IllegalArgumentException if the results are to lie in it or below
     */
    public void requireOutside(String images) {
        folder.requireOutside(images);
    }

    /** Removes what was saved, and lets others write to the output. */
    void end() {
        folder.end();
    }

    /** What these results have put in place; before that, what is there. */
    SavedRun saved() {
        return folder.saved(spark);
    }

    /**
     * A table that {@link #publish} has put in place, such as {@code projection.parquet}. Of the tables of one run,
     * {@link SavedRun} reads several.
     *
     * @throws IllegalStateException if it is not there or not whole
     */
    public Dataset<Row> read(String table) {
        for (int tried = 1;; tried++) {
            try {
                return saved().read(table);
            } catch (ResultReplacedException e) {
                if (tried == TRIES) {
                    throw e;
                }
            }
        }
    }

    /** The features of photographs, as {@link Run#features} says. */
    Featurized featurized(ImageFeaturizer featurizer, Dataset<Row> listed, boolean fresh) {
        photographs = listed;
        parts = new FeatureParts(spark, folder.fileSystem(),
                folder.path(FeatureParts.FOLDER + "/" + FeatureKey.of(featurizer)));
        if (fresh) {
            parts.clear();
        }
        return parts.of(listed, featurizer::transform, fresh ? null : published());
    }

    /** What made the features, as {@link FeatureKey} names it. */
    String featuresMadeBy() {
        return parts.name();
    }

    /** The features in place, if they are whole and made in the same way; else null. */
    private Published published() {
        try {
            byte[] manifest = ManifestFile.read(folder.fileSystem(), folder.path(Manifest.FILE));
            if (manifest == null || !parts.name().equals(Manifest.text(manifest, Manifest.FEATURES_MADE_BY))
                    || !Manifest.files(manifest).containsAll(List.of(FEATURES, FilesTable.NAME))) {
                return null;
            }
            return new Published(read(FilesTable.NAME), read(FEATURES),
                    Instant.parse(Manifest.text(manifest, "created")).toEpochMilli());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the results at " + location() + ": "
                    + S3.reason(folder.path(Manifest.FILE), conf, e), e);
        }
    }

    /** Saves {@code features.parquet} of the parts that {@link #featurized} has written, which are moved. */
    void saveParts() {
        folder.stageMoved(FEATURES, parts.settled(photographs));
    }

    /**
     * Saves {@code features.parquet}: origin, label, features (array of floats).
     *
     * @param features columns {@code origin}, {@code label}, {@code features} (vector); rows without features are left out
     */
    public void saveFeatures(Dataset<Row> features) {
        saveTable(FEATURES, inFewFiles(ResultColumns.FEATURES, Float.BYTES, features));
    }

    /**
     * Saves {@code projection.parquet} and {@code projection.json}: origin, label, pca (array of doubles).
     *
     * @param projected columns {@code origin}, {@code label}, {@code pca} (vector); rows without pca are left out
     */
    public void saveProjection(Dataset<Row> projected) {
        Dataset<Row> few = inFewFiles(ResultColumns.PROJECTION, Double.BYTES, projected).persist(); // written twice, computed once
        try {
            saveTable("projection.parquet", few);
            saveTable("projection.json", few);
        } finally {
            few.unpersist();
        }
    }

    /** Ninety thousand images come in hundreds of partitions, and each would be a file. */
    private static Dataset<Row> inFewFiles(StructType table, int elementBytes, Dataset<Row> rows) {
        String array = table.fieldNames()[table.length() - 1];
        Dataset<Row> plain = ResultColumns.select(table, rows.filter(rows.col(array).isNotNull()));
        Row elements = plain.agg(functions.sum(functions.size(plain.col(array)))).first();
        long bytes = elements.isNullAt(0) ? 0 : elements.getLong(0) * elementBytes;
        return plain.repartition((int) (1 + bytes / FILE_BYTES), plain.col("origin")).sortWithinPartitions("origin");
    }

    /**
     * Saves a table as it is, in as many files as it has partitions.
     *
     * @param name ends in {@code .parquet} or {@code .json} (one object a line), which says how
     * @throws IllegalArgumentException if it ends otherwise
     */
    public void saveTable(String name, Dataset<Row> table) {
        boolean json = name.endsWith(".json");
        if (!json && !name.endsWith(".parquet")) {
            throw new IllegalArgumentException("A table is saved as .parquet or .json: got " + name);
        }
        String path = folder.staged(name).toString();
        S3Commit.during(table.sparkSession(), path, () -> {
            if (json) {
                table.write().json(path);
            } else {
                table.write().parquet(path);
            }
        });
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
        folder.save("explained-variance.csv", csv.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Saves {@code <name>}, a folder that the stage's own {@code load} reads, such as {@code PrincipalComponentsModel.load}.
     *
     * @param model a Spark ML stage
     */
    public void saveModel(String name, MLWritable model) {
        Path path = folder.staged(name);
        S3Commit.during(spark, path.toString(), () -> {
            try {
                model.save(path.toString());
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot write " + name + ": " + S3.reason(path, conf, e), e);
            }
        });
    }

    /**
     * Saves {@code charts/<name>.png}.
     *
     * @param drawing what {@code Charts} has drawn: a chart of XChart, saved at twice its size, or a {@link BufferedImage}
     * @throws IllegalArgumentException if it is neither
     */
    public void saveChart(String name, Object drawing) {
        folder.save("charts/" + name + ".png", Png.ofDrawing(drawing));
    }

    /** Saves {@code manifest.json}, with the names of all that was saved before. */
    public void saveManifest(Manifest manifest) {
        manifest.put("run", folder.run().toManifest());
        manifest.put("files", folder.saved());
        folder.saveManifest(manifest.toJson().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Puts all that was saved into place of an earlier result; files that are not of a result stay where they are.
     *
     * @throws IllegalStateException if there is no manifest yet, if a table of {@link AppendedFeatures} would be replaced, or
     *     if these results are published already
     */
    public void publish() {
        String kept = parts == null || folder.saved().contains(FEATURES) ? null : parts.name();
        folder.atTheEnd(() -> folder.deleteBut(FeatureParts.FOLDER, kept));
        folder.publish();
    }
}
