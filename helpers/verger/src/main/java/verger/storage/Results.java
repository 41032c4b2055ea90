package verger.storage;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.functions$;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.knowm.xchart.internal.chartpart.Chart;
import verger.LiteralPath;
import verger.S3;
import verger.S3Commit;
import verger.WholeTable;
import verger.charts.Png;

/**
 * Saves what a run found into a folder of any Hadoop file system, and replaces an earlier result only when all is written.
 *
 * <p>Everything goes into a hidden folder inside the output first; {@link #publish} moves it into place, the manifest last:
 * a folder that has a {@code manifest.json} holds a whole result, all of one run.
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

    /** Bytes of a file that readers like; a table of less is one file. */
    private static final long FILE_BYTES = 128 << 20;

    private final SparkSession spark;
    private final Configuration conf;
    private final FileSystem fs;
    private final Path output;
    private final Path staging;
    private final List<String> saved = new ArrayList<>();

    /**
     * @param output folder, made if it does not exist
     * @throws IllegalArgumentException if it cannot be written
     */
    public Results(SparkSession spark, String output) {
        this.spark = spark;
        this.conf = S3.settings(spark);
        Path folder;
        try {
            folder = new Path(output);
        } catch (IllegalArgumentException e) {
            throw cannotWrite(output, e.getMessage(), e);
        }
        try {
            this.fs = S3.fileSystem(folder, conf);
            this.output = fs.makeQualified(folder);
            this.staging = new Path(this.output, "_writing-" + UUID.randomUUID());
            if (!fs.mkdirs(staging)) {
                throw new IOException("the folder cannot be made");
            }
            fs.deleteOnExit(staging); // what a run leaves that dies before it publishes
        } catch (IOException | IllegalArgumentException e) {
            throw cannotWrite(output, S3.reason(folder, conf, e), e);
        }
    }

    private static IllegalArgumentException cannotWrite(String output, String why, Exception e) {
        return new IllegalArgumentException("Cannot write results to " + output + ": " + why, e);
    }

    /** Where the results are once {@link #publish} has returned, as a person would type it. */
    public String location() {
        boolean local = output.toUri().getScheme().equals("file");
        return local ? output.toUri().getPath() : output.toString();
    }

    /**
     * Makes sure that the next run will not take these results for images.
     *
     * @param images folder that the images are read from
     * @throws IllegalArgumentException if the results are to lie in it or below
     */
    public void requireOutside(String images) {
        Path root = qualified(new Path(images));
        for (Path folder = output; folder != null; folder = folder.getParent()) {
            if (folder.equals(root)) {
                throw new IllegalArgumentException("The results would lie among the images: " + location()
                        + " is in the folder of images " + images + "; choose another output");
            }
        }
    }

    private Path qualified(Path path) {
        if (path.toUri().getScheme() != null) {
            return path; // perhaps of another file system, which need not be asked for this
        }
        try {
            return FileSystem.get(conf).makeQualified(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A table that {@link #publish} has put in place, such as {@code projection.parquet}.
     *
     * @throws IllegalStateException if it is not there or not whole
     */
    public Dataset<Row> read(String table) {
        WholeTable.require(new Path(output, table), conf);
        String literal = LiteralPath.of(new Path(output, table).toString());
        return table.endsWith(".json") ? spark.read().json(literal) : spark.read().parquet(literal);
    }

    /**
     * Saves {@code features.parquet}: origin, label, features (array of floats).
     *
     * @param features columns {@code origin}, {@code label}, {@code features} (vector); rows without features are left out
     */
    public void saveFeatures(Dataset<Row> features) {
        Dataset<Row> plain = features.filter(features.col("features").isNotNull())
                .select(features.col("origin"), features.col("label"),
                        array(features.col("features"), "float32").as("features"));
        Dataset<Row> few = inFewFiles(plain, "features", Float.BYTES);
        saveTable("features.parquet", few, few.write()::parquet);
    }

    /**
     * Saves {@code projection.parquet} and {@code projection.json}: origin, label, pca (array of doubles).
     *
     * @param projected columns {@code origin}, {@code label}, {@code pca} (vector); rows without pca are left out
     */
    public void saveProjection(Dataset<Row> projected) {
        Dataset<Row> plain = projected.filter(projected.col("pca").isNotNull())
                .select(projected.col("origin"), projected.col("label"), array(projected.col("pca"), "float64").as("pca"));
        Dataset<Row> few = inFewFiles(plain, "pca", Double.BYTES).persist(); // written twice, computed once
        try {
            saveTable("projection.parquet", few, few.write()::parquet);
            saveTable("projection.json", few, few.write()::json);
        } finally {
            few.unpersist();
        }
    }

    /**
     * Saves a table as it is, in as many files as it has partitions.
     *
     * @param name ends in {@code .parquet} or {@code .json} (one object a line), which says how
     */
    public void saveTable(String name, Dataset<Row> table) {
        boolean json = name.endsWith(".json");
        if (!json && !name.endsWith(".parquet")) {
            throw new IllegalArgumentException("A table is saved as .parquet or .json: got " + name);
        }
        saveTable(name, table, path -> {
            if (json) {
                table.write().json(path);
            } else {
                table.write().parquet(path);
            }
        });
    }

    private void saveTable(String name, Dataset<Row> table, Consumer<String> write) {
        String path = staged(name);
        S3Commit.during(table.sparkSession(), path, () -> write.accept(path));
    }

    /** Ninety thousand images come in hundreds of partitions, and each would be a file. */
    private static Dataset<Row> inFewFiles(Dataset<Row> table, String array, int elementBytes) {
        Row elements = table.agg(functions.sum(functions.size(table.col(array)))).first();
        long bytes = elements.isNullAt(0) ? 0 : elements.getLong(0) * elementBytes;
        return table.repartition((int) (1 + bytes / FILE_BYTES), table.col("origin")).sortWithinPartitions("origin");
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

    /**
     * Saves {@code <name>}, a folder that the stage's own {@code load} reads, such as {@code PrincipalComponentsModel.load}.
     *
     * @param model a Spark ML stage
     */
    public void saveModel(String name, MLWritable model) {
        String path = staged(name);
        S3Commit.during(spark, path, () -> {
            try {
                model.save(path);
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot write " + name + ": " + S3.reason(staging, conf, e), e);
            }
        });
    }

    /** Saves {@code charts/<name>.png}, at twice the chart's size. */
    public void saveChart(String name, Chart<?, ?> chart) {
        save("charts/" + name + ".png", Png.of(chart));
    }

    /** Saves {@code charts/<name>.png}, a picture as it is. */
    public void saveChart(String name, BufferedImage picture) {
        save("charts/" + name + ".png", Png.of(picture));
    }

    /** Saves {@code manifest.json}, with the names of all that was saved before. */
    public void saveManifest(Manifest manifest) {
        manifest.put("files", saved);
        write(MANIFEST, manifest.toJson().getBytes(StandardCharsets.UTF_8));
    }

    private void save(String name, byte[] content) {
        write(name, content);
        saved.add(name);
    }

    private void write(String name, byte[] content) {
        Path file = new Path(staging, name);
        try (FSDataOutputStream out = fs.create(file, true)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file + ": " + S3.reason(file, conf, e), e);
        }
    }

    private String staged(String name) {
        saved.add(name);
        return new Path(staging, name).toString();
    }

    /**
     * Puts all that was saved into place of an earlier result; files that are not of a result stay where they are.
     *
     * @throws IllegalStateException if there is no manifest yet, or a table of {@link AppendedFeatures} would be replaced
     */
    public void publish() {
        Path earlier = new Path(output, "_earlier-" + UUID.randomUUID());
        try {
            if (!fs.exists(new Path(staging, MANIFEST))) {
                throw new IllegalStateException("Nothing to publish at " + location() + ": save the manifest first");
            }
            fs.cancelDeleteOnExit(staging); // from here on it may be the only copy
            List<String> earlierFiles = earlierFiles();
            requireNoneAppendedTo(earlierFiles);
            requireNoneAppendedTo(saved);
            for (String name : earlierFiles) {
                move(new Path(output, name), new Path(earlier, name));
            }
            for (String name : saved) {
                move(new Path(output, name), new Path(earlier, name)); // there without a manifest: of a run that was cut off
                move(new Path(staging, name), new Path(output, name));
            }
            move(new Path(staging, MANIFEST), new Path(output, MANIFEST));
            fs.delete(staging, true);
            fs.delete(earlier, true);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot publish the results at " + location() + ": " + S3.reason(output, conf, e)
                    + "; what was saved is in " + staging + ", an earlier result in " + earlier, e);
        }
    }

    /** Such a table holds what many runs have found. */
    private void requireNoneAppendedTo(List<String> names) throws IOException {
        for (String name : names) {
            if (fs.exists(new Path(new Path(output, name), AppendedFeatures.MADE_BY))) {
                throw new IllegalStateException("Cannot publish the results at " + location() + ": " + name
                        + " is a table that is appended to, and would be replaced; what was saved is in " + staging
                        + ", and nothing was moved: choose another output");
            }
        }
    }

    /** What the manifest of an earlier result names, itself first: without it the folder is no whole result any more. */
    private List<String> earlierFiles() throws IOException {
        Path manifest = new Path(output, MANIFEST);
        List<String> files = new ArrayList<>();
        if (fs.exists(manifest)) {
            files.add(MANIFEST);
            try (FSDataInputStream in = fs.open(manifest)) {
                files.addAll(Manifest.files(in.readAllBytes()));
            }
        }
        return files;
    }

    private void move(Path from, Path to) throws IOException {
        if (!fs.exists(from)) {
            return;
        }
        fs.mkdirs(to.getParent());
        if (S3.isS3A(from, conf) && fs.getFileStatus(from).isDirectory()) {
            moveOneByOne(from, to);
        } else if (!fs.rename(from, to)) {
            throw new IOException("could not move " + from + " to " + to);
        }
    }

    /** S3 copies a folder object by object, in the order of their names: what says that it is whole would come early. */
    private void moveOneByOne(Path from, Path to) throws IOException {
        FileStatus[] inIt = fs.listStatus(from);
        Arrays.sort(inIt, Comparator.comparing(file -> file.getPath().getName().equals(WholeTable.SUCCESS)));
        for (FileStatus file : inIt) {
            move(file.getPath(), new Path(to, file.getPath().getName()));
        }
        fs.delete(from, true);
    }
}
