package verger.storage;

import java.awt.image.BufferedImage;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import verger.features.ImageFeaturizer;
import verger.features.NetworkStage;
import verger.files.ProjectFolder;
import verger.images.ImageListing;
import verger.images.Images;
import verger.networks.NetworkChoice;
import verger.progress.Work;
import verger.storage.FeatureParts.Featurized;

/**
 * One run from images to results: it saves what was found, writes down what it was made from and in what time, and puts all
 * in place at once when all is there.
 *
 * <pre>{@code
 * Run run = Run.of(spark, "photographs", "s3a://fruits/out");
 * run.stage("featurize");
 * Dataset<Row> features = featurizer.transform(Images.read(spark, run.images()));
 * run.network(featurizer);
 * System.out.println(run.counts(features));
 * run.saveFeatures(features);
 * System.out.println(run.publish());
 * }</pre>
 *
 * <p>A run has its output for itself from the beginning: another one that wants it learns at once whose it is. The run that
 * publishes gives it to others, as does the end of the process. Who begins again where the output is named, as by a cell that is
 * run again, goes on with a new run.
 *
 * <p>Everything goes into a hidden folder inside the output first; {@link #publish} moves it into place, {@code manifest.json}
 * last: a folder that has one holds a whole result, all of one run. What was saved can be read only from what
 * {@link #publish} returns.
 */
public final class Run {

    private final Results results;
    private final Manifest manifest;
    private final String images;
    /** Null until there are features that are written as they are made. */
    private Featurized featurized;
    private double maxFailed = 1;

    private Run(SparkSession spark, String images, String output) {
        this.results = new Results(spark, output);
        this.manifest = new Manifest(spark, images);
        this.images = ProjectFolder.path(images);
    }

    /**
     * Begins a run.
     *
     * @param images folder that the images are read from, as the user gave it: a path or any Hadoop URI
     * @param output folder for the results, likewise; made if it does not exist
     * @throws IllegalArgumentException if the output cannot be written, or lies in the folder of images, where the next run
     *     would take the results for images
     * @throws IllegalStateException if another run writes there; the sentence says who, and since when
     */
    public static Run of(SparkSession spark, String images, String output) {
        Run run = amongImages(spark, images, output);
        try {
            run.results.requireOutside(Images.location(spark, run.images));
        } catch (IllegalArgumentException e) {
            run.results.end();
            throw e;
        }
        return run;
    }

    /**
     * Begins a run whose results may lie among the images, such as an answer about the photographs of the current folder.
     *
     * @param images a photograph, or a folder of them
     * @throws IllegalArgumentException if the output cannot be written
     * @throws IllegalStateException if another run writes there; the sentence says who, and since when
     */
    public static Run amongImages(SparkSession spark, String images, String output) {
        return new Run(spark, images, output);
    }

    /**
     * Sets how many of the pictures may be unusable; {@link #saveFiles} stops a run with more.
     *
     * @param share of the pictures, 0 to 1; 1 by default
     * @return this run
     * @throws IllegalArgumentException if it is no share
     */
    public Run maxFailed(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("maxFailed is a share from 0 to 1: got " + share
                    + (share > 1 && share <= 100 ? "; write " + share / 100 + " for " + share + " %" : ""));
        }
        maxFailed = share;
        return this;
    }

    /** Where the images are: what the user gave, or the folder of that name in the project, if it is there alone. */
    public String images() {
        return images;
    }

    /** Where the results are once {@link #publish} has returned, as a person would type it. */
    public String location() {
        return results.location();
    }

    /** Says what the seconds from now on are spent on; a name that comes twice adds up. */
    public void stage(String name) {
        manifest.stage(name);
    }

    /** Writes down which network made the features, of images in its own size. */
    public void network(NetworkChoice choice) {
        manifest.network(choice);
    }

    /** Writes down which network made the features, and in which size it takes the images. */
    public void network(NetworkStage<?> stage) {
        manifest.network(stage);
    }

    /**
     * The features of photographs. They are written to the output as they are made: if this run dies, the next one into the
     * same output goes on where it was. Features are used again that were made by the same network, weights and settings, of a
     * photograph with the same origin, length, time of change and label.
     *
     * @param featurizer  with {@code features} and {@code reason} as the columns that it adds
     * @param photographs what {@code Images.read} lists
     * @param fresh       whether to make all features anew
     * @return the photographs' columns without {@code content}, and the featurizer's two; persisted
     */
    public Dataset<Row> features(ImageFeaturizer featurizer, Dataset<Row> photographs, boolean fresh) {
        featurized = results.featurized(featurizer, photographs, fresh);
        manifest.put(Manifest.FEATURES_MADE_BY, results.featuresMadeBy());
        manifest.reused(featurized.reused(), featurized.all(), featurized.from());
        return featurized.rows();
    }

    /**
     * Counts the images, and writes down which they were and why some could not be used.
     *
     * @param featurized columns {@code origin} and {@code reason} (null where the image could be used), and {@code length},
     *     without which there is no listing
     * @return the counts in words, with the first few of the images that could not be used
     * @throws IllegalArgumentException if not one of the images could be used, with the reason of the first
     */
    public String counts(Dataset<Row> featurized) {
        manifest.counts(featurized);
        return manifest.summary();
    }

    /** Writes down anything else that JSON can hold, such as {@code k}. */
    public void put(String name, Object value) {
        manifest.put(name, value);
    }

    /**
     * Saves {@code files.parquet}, a row for each file that was listed, used or not: origin, label, length, modified, status
     * (a {@link verger.images.ImageStatus} in small letters) and reason (null where the image could be used). The manifest's
     * counts get the same numbers.
     *
     * @param featurized a row for each of the listing's images, with a column {@code reason}
     * @return a row for all files and one for each folder: the number of files of each status
     * @throws IllegalStateException if more pictures could not be used than {@link #maxFailed} allows, of at least 100; files
     *     that are no images count neither way
     * @throws IllegalArgumentException if there are not as many rows as images
     */
    public Dataset<Row> saveFiles(ImageListing listing, Dataset<Row> featurized) {
        FilesTable files = new FilesTable(listing, featurized);
        files.requireUsable(maxFailed);
        results.saveTable(FilesTable.NAME, files.rows());
        manifest.files(files.byStatus(), listing);
        return files.byFolder();
    }

    /**
     * Saves {@code features.parquet}: origin, label, features (array of floats).
     *
     * @param features columns {@code origin}, {@code label}, {@code features} (vector); rows without features are left out
     */
    public void saveFeatures(Dataset<Row> features) {
        if (featurized != null && featurized.rows() == features) {
            results.saveParts();
        } else {
            results.saveFeatures(features);
        }
    }

    /**
     * Saves {@code projection.parquet} and {@code projection.json}: origin, label, pca (array of doubles).
     *
     * @param projected columns {@code origin}, {@code label}, {@code pca} (vector); rows without pca are left out
     */
    public void saveProjection(Dataset<Row> projected) {
        results.saveProjection(projected);
    }

    /**
     * Saves {@code explained-variance.csv}: component (from 1), share of the variance, cumulative share.
     *
     * @param shares of each component, largest first
     */
    public void saveExplainedVariance(double[] shares) {
        results.saveExplainedVariance(shares);
    }

    /**
     * Saves a table as it is, in as many files as it has partitions.
     *
     * @param name ends in {@code .parquet} or {@code .json} (one object a line), which says how
     * @throws IllegalArgumentException if it ends otherwise
     */
    public void saveTable(String name, Dataset<Row> table) {
        results.saveTable(name, table);
    }

    /**
     * Saves {@code <name>}, a folder that the stage's own {@code load} reads, such as {@code PrincipalComponentsModel.load}.
     *
     * @param model a Spark ML stage
     */
    public void saveModel(String name, MLWritable model) {
        results.saveModel(name, model);
    }

    /**
     * Saves {@code charts/<name>.png}.
     *
     * @param drawing what {@code Charts} has drawn: a chart of XChart, saved at twice its size, or a {@link BufferedImage}
     * @throws IllegalArgumentException if it is neither
     */
    public void saveChart(String name, Object drawing) {
        results.saveChart(name, drawing);
    }

    /**
     * Writes {@code manifest.json} and puts all that was saved into place of an earlier result; files that are not of a result
     * stay where they are. It ends the run: nothing can be saved afterwards.
     *
     * @throws IllegalStateException if a table of {@link AppendedFeatures} would be replaced, if this run is published
     *     already, or if another run has taken the output over while this one was paused
     */
    public SavedRun publish() {
        return Work.step("publishing to " + location(), () -> {
            results.saveManifest(manifest);
            results.publish();
            return results.saved();
        });
    }
}
