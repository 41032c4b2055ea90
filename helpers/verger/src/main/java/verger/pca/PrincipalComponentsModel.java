package verger.pca;

import java.io.IOException;
import java.util.Arrays;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.feature.PCAModel;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.StructType;
import verger.pca.linalg.Blas;
import verger.spark.ColumnMetadata;
import verger.spark.ColumnNames;

/**
 * A fitted principal component analysis: projects features onto its first k components, and says how much of the
 * variance each explains.
 *
 * <p>It has every component of the fit, min(n − 1, d) of them for n rows of d features; {@code k} only says how many
 * a projection has, so {@link #cut} needs no second fit. The fit's k components and some more are there at once; the
 * others take a moment, once, when they are first projected on or saved. Two runs on the same rows give the same
 * picture: the largest loading of each component is positive.
 */
public class PrincipalComponentsModel extends Model<PrincipalComponentsModel> implements PcaParams, MLWritable {

    /** From so many components on a product of matrices is faster than one row at a time. */
    private static final int BLOCKED = 32;

    private final String uid;
    private final Spectrum spectrum;
    private final long rowsSkipped;
    private final Param<String> inputCol;
    private final Param<String> outputCol;
    private final IntParam k;
    private final BooleanParam centered;
    private final Param<String> precision;

    PrincipalComponentsModel(String uid, Spectrum spectrum, long rowsSkipped) {
        this.uid = uid;
        this.spectrum = spectrum;
        this.rowsSkipped = rowsSkipped;
        inputCol = PcaParams.inputCol(this);
        outputCol = PcaParams.outputCol(this);
        k = PcaParams.k(this);
        centered = PcaParams.centered(this);
        precision = PcaParams.precision(this);
        PcaParams.setDefaults(this);
    }

    /** Name of the column of features. */
    public PrincipalComponentsModel setInputCol(String value) {
        set(inputCol, value);
        return this;
    }

    /** Name of the column of projections, which {@link #transform} adds. */
    public PrincipalComponentsModel setOutputCol(String value) {
        set(outputCol, value);
        return this;
    }

    /** Whether {@link #transform} subtracts the mean; default true. False gives the numbers of Spark's own PCA. */
    public PrincipalComponentsModel setCentered(boolean value) {
        set(centered, value);
        return this;
    }

    /**
     * The share of the total variance that each component explains: min(n − 1, d) values in 0 … 1, descending, whose
     * sum is 1, whatever k is.
     */
    public double[] explainedVariance() {
        double total = 0;
        for (double variance : spectrum.variances()) {
            total += variance;
        }
        double[] shares = new double[spectrum.size()];
        for (int c = 0; c < shares.length; c++) {
            shares[c] = spectrum.variances()[c] / total;
        }
        return shares;
    }

    /**
     * How many components explain a share of the variance: the smallest count whose cumulative share reaches it. A
     * count, not an index: if 12 components explain 94.9 % and 13 explain 95.1 %, the answer for 0.95 is 13.
     *
     * @param share above 0 and at most 1
     * @throws IllegalArgumentException if the share is not
     */
    public int componentsFor(double share) {
        return Shares.componentsFor(explainedVariance(), share);
    }

    /**
     * This model with another number of components, without a new fit.
     *
     * @param components 1 … min(n − 1, d)
     * @throws IllegalArgumentException if there are not so many
     */
    public PrincipalComponentsModel cut(int components) {
        PcaParams.checkK(components, spectrum.rows(), spectrum.features());
        PrincipalComponentsModel cut = copy(ParamMap.empty());
        cut.set(cut.k, components);
        return cut;
    }

    /** The mean of each feature over the rows of the fit: d values. */
    public double[] mean() {
        return spectrum.mean().clone();
    }

    /** The loadings: d × k, one unit vector a column. A projection is {@code loadingsᵀ · (features − mean)}. */
    public DenseMatrix loadings() {
        return new DenseMatrix(spectrum.features(), getK(), firstComponents());
    }

    /** Number of rows that the fit used. */
    public long rowsUsed() {
        return spectrum.rows();
    }

    /** Number of rows that the fit skipped because their features are null. */
    public long rowsSkipped() {
        return rowsSkipped;
    }

    /**
     * Adds the column of projections: vectors of k values, null where the features are null. NaN in the features gives
     * NaN. Features of another size than the fit's fail the job, and so does null among the numbers of an array.
     *
     * <p>From {@value #BLOCKED} components on whole rows are handed to a product of matrices: select the columns that are
     * needed before, not after.
     */
    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        StructType schema = transformSchema(dataset.schema());
        Blas.checkSetting();
        double[] origin = getCentered() ? spectrum.mean() : new double[spectrum.features()];
        // By broadcast: in the task itself, thirteen components of a network's features are a warning's worth of bytes.
        Broadcast<Projection> projection =
                JavaSparkContext.fromSparkContext(dataset.sparkSession().sparkContext())
                        .broadcast(new Projection(getInputCol(), origin, firstComponents()));
        Column features = dataset.schema().apply(getInputCol()).dataType() instanceof ArrayType
                ? ArrayToVector.of(getInputCol())
                : ColumnNames.column(getInputCol());
        // A stream would lose its watermark, which is metadata of a column.
        if (getK() >= BLOCKED && !dataset.isStreaming()) {
            return ColumnMetadata.restored(schema, dataset.withColumn(getOutputCol(), features)
                    .mapPartitions(new ProjectBlocks(projection, schema), Encoders.row(schema)));
        }
        UserDefinedFunction project = functions.udf(new Projection.RowByRow(projection), SQLDataTypes.VectorType());
        return dataset.withColumn(getOutputCol(), project.apply(features)
                .as(getOutputCol(), schema.apply(getOutputCol()).metadata()));
    }

    /**
     * The features that a projection stands for: {@code mean + loadings · projection}, the mean only if this centres. With
     * all components of a model that centres the features of the fit come back, with fewer what these explain of them.
     *
     * @param projection k values
     * @return d values
     * @throws IllegalArgumentException if the projection has another size
     */
    public Vector reconstruct(Vector projection) {
        if (projection.size() != getK()) {
            throw new IllegalArgumentException(
                    "A projection of " + projection.size() + " values: this model has k = " + getK() + ".");
        }
        double[] features = getCentered() ? mean() : new double[spectrum.features()];
        double[] scores = projection.toArray();
        double[] components = spectrum.components(getK());
        for (int c = 0, at = 0; c < scores.length; c++) {
            for (int j = 0; j < features.length; j++, at++) {
                features[j] += scores[c] * components[at];
            }
        }
        return Vectors.dense(features);
    }

    /**
     * Spark's own model with the first components, for tools that know only that: its {@code transform} takes vectors and
     * does not centre.
     *
     * @param components 1 … min(n − 1, d)
     * @throws IllegalArgumentException if there are not so many
     */
    public PCAModel toSpark(int components) {
        PrincipalComponentsModel cut = cut(components);
        PCAModel model = new PCAModel(uid, cut.loadings(), new DenseVector(Arrays.copyOf(explainedVariance(), components)));
        model.set(model.k(), components);
        return model.setInputCol(getInputCol()).setOutputCol(getOutputCol());
    }

    @Override
    public StructType transformSchema(StructType schema) {
        PcaParams.checkK(getK(), spectrum.rows(), spectrum.features());
        StructType projected = PcaParams.withProjection(this, schema);
        int features = PcaParams.featuresOf(this, schema);
        if (features >= 0 && features != spectrum.features()) {
            throw new IllegalArgumentException(Projection.sizes("The schema", features, getInputCol(), spectrum.features()));
        }
        return projected;
    }

    private double[] firstComponents() {
        return Arrays.copyOf(spectrum.components(getK()), spectrum.features() * getK());
    }

    @Override
    public PrincipalComponentsModel copy(ParamMap extra) {
        PrincipalComponentsModel copy = new PrincipalComponentsModel(uid, spectrum, rowsSkipped);
        copyValues(copy, extra);
        return copy.setParent(parent());
    }

    /** Saves the parameters, and the whole spectrum as one Parquet row, so that a model read back can be cut anew. */
    @Override
    public void save(String path) throws IOException {
        write().save(path);
    }

    @Override
    public MLWriter write() {
        return new ModelFiles.Writer(this);
    }

    /** Reads what {@link #save} wrote. */
    public static PrincipalComponentsModel load(String path) {
        return read().load(path);
    }

    /** As {@link #load}; what a PipelineModel calls. */
    public static MLReader<PrincipalComponentsModel> read() {
        return new ModelFiles.Reader();
    }

    Spectrum spectrum() {
        return spectrum;
    }

    @Override
    public String uid() {
        return uid;
    }

    @Override
    public Param<String> inputCol() {
        return inputCol;
    }

    @Override
    public Param<String> outputCol() {
        return outputCol;
    }

    @Override
    public IntParam k() {
        return k;
    }

    @Override
    public BooleanParam centered() {
        return centered;
    }

    @Override
    public Param<String> precision() {
        return precision;
    }

    @Override
    public String toString() {
        return "PrincipalComponentsModel: k = " + getK() + " of " + spectrum.size() + " components, fitted on "
                + spectrum.rows() + " rows of " + spectrum.features() + " features";
    }
}
