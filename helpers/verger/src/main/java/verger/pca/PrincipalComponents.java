package verger.pca;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.columnar.CachedRDDBuilder;
import org.apache.spark.sql.execution.columnar.InMemoryRelation;
import org.apache.spark.sql.types.StructType;
import verger.pca.linalg.Blas;
import verger.spark.ColumnNames;

/**
 * Fits a principal component analysis once and keeps the whole spectrum, so that the number of components can be chosen
 * after the fit: {@code model.cut(model.componentsFor(0.95))}.
 *
 * <p>The input is a column of vectors, dense or sparse, or of arrays of floats or doubles, all of the same size d. Rows
 * with null are skipped and counted. The data is read once. Unlike {@link org.apache.spark.ml.feature.PCA} the projection
 * is centred: subtracting the mean of the features is part of it.
 *
 * <p>Tasks multiply blocks of centred rows with OpenBLAS, one thread each, into the d × d scatter; the driver decomposes
 * it on the cores it has. With half as many rows as features, or less, it is the n × n products of the rows. Where OpenBLAS
 * does not load, or computes wrongly, Java does the same in some ten times the time. {@link MemoryEstimate} says what a fit
 * needs.
 *
 * <p>A fit throws {@link IllegalArgumentException} if there are fewer than two rows, if all rows are the same, if a value
 * is NaN, infinite or null (the message names the row, by its column {@code origin} if there is one), if rows differ in
 * size, if k is above min(n − 1, d), and if driver or executors have too little memory.
 */
public class PrincipalComponents extends Estimator<PrincipalComponentsModel> implements PcaParams, DefaultParamsWritable {

    /** The column that names a row in a message, where the data has it. */
    private static final String ORIGIN = "origin";

    /** So many parts are as well merged on the driver. */
    private static final int DIRECT = 4;

    private final String uid;
    private final Param<String> inputCol;
    private final Param<String> outputCol;
    private final IntParam k;
    private final BooleanParam centered;
    private final Param<String> precision;

    /** A PCA from column {@code features} to column {@code pca}, of two components. */
    public PrincipalComponents() {
        this(Identifiable.randomUID("principalComponents"));
    }

    /** As Spark's own stages: with a name of its own, which a saved one is read back by. */
    public PrincipalComponents(String uid) {
        this.uid = uid;
        inputCol = PcaParams.inputCol(this);
        outputCol = PcaParams.outputCol(this);
        k = PcaParams.k(this);
        centered = PcaParams.centered(this);
        precision = PcaParams.precision(this);
        PcaParams.setDefaults(this);
    }

    /** Name of the column of features; default {@code features}. */
    public PrincipalComponents setInputCol(String value) {
        set(inputCol, value);
        return this;
    }

    /** Name of the column of projections, which {@link PrincipalComponentsModel#transform} adds; default {@code pca}. */
    public PrincipalComponents setOutputCol(String value) {
        set(outputCol, value);
        return this;
    }

    /** Number of components of a projection, at most min(n − 1, d); default 2. The fit keeps all, whatever it is. */
    public PrincipalComponents setK(int value) {
        set(k, value);
        return this;
    }

    /**
     * Whether the fitted model subtracts the mean before it projects; default true. False gives the numbers of Spark's own
     * PCA, up to the sign of a component. The components are the same.
     */
    public PrincipalComponents setCentered(boolean value) {
        set(centered, value);
        return this;
    }

    /**
     * Precision of the products of the rows and of their decomposition, {@code double} (the default) or {@code float}: a fit
     * takes little more than half of its time. {@code float} is meant for features of one scale, as small ones beside large ones
     * are lost. Variances are then off by some 10⁻⁷ of the largest, where double is off by some 10⁻¹⁵, so those below that are
     * noise. A loading is off by as much over the gap to the next variance, and components are at right angles to some 10⁻⁶.
     * Deviations from the mean must lie within 10⁻¹⁹ … 10¹⁸. In Java, and with few rows, the decomposition is in double all the
     * same.
     */
    public PrincipalComponents setPrecision(String value) {
        set(precision, value);
        return this;
    }

    @Override
    public PrincipalComponentsModel fit(Dataset<?> dataset) {
        transformSchema(dataset.schema());
        Blas.checkSetting();
        List<Column> columns = new ArrayList<>();
        columns.add(ColumnNames.column(getInputCol()));
        if (hasOrigin(dataset)) {
            columns.add(ColumnNames.column(ORIGIN).cast("string"));
        }
        MemoryLimits limits = MemoryLimits.of(dataset.sparkSession().sparkContext());
        long expected = rowsKnown(dataset);
        int told = PcaParams.featuresOf(this, dataset.schema());
        if (expected > 1 && told > 0) {
            PcaParams.checkK(getK(), expected, told);
        }
        String refusal = expected > 0 && told > 0 ? limits.refusal(expected, told) : null;
        if (refusal != null) {
            throw new IllegalArgumentException(refusal);
        }
        FeatureColumn features = FeatureColumn.of(dataset.schema().apply(getInputCol()).dataType());
        JavaRDD<InternalRow> parts = inFewParts(dataset, dataset.select(columns.toArray(new Column[0])));
        // Many parts are all merged on executors: the driver is sent one matrix, however many partitions there are.
        boolean many = expected == 0 || parts.getNumPartitions() > DIRECT;
        MomentsAggregator none = new MomentsAggregator(getInputCol(), getPrecision().equals(PcaParams.FLOAT), limits, expected);
        MomentsAggregator rows = parts.mapPartitions(new MomentsAggregator.Gather(features, none))
                .treeAggregate(none, MomentsAggregator::merge, MomentsAggregator::merge, 2, many);
        Moments moments = rows.usable();
        PcaParams.checkK(getK(), moments.count(), moments.features());

        Spectrum spectrum = Spectrum.of(moments);
        spectrum.components(getK());
        PrincipalComponentsModel model = new PrincipalComponentsModel(uid, spectrum, rows.skipped());
        model.setParent(this);
        return copyValues(model, ParamMap.empty());
    }

    /** Whether a column names the rows: one only, as of two that a join left Spark could not tell which is meant. */
    private static boolean hasOrigin(Dataset<?> dataset) {
        return Arrays.stream(dataset.columns()).filter(ORIGIN::equalsIgnoreCase).toList().equals(List.of(ORIGIN));
    }

    /** Each partition sends a matrix: of rows that are in the cache already, fewer and larger tasks cost nothing. */
    private static JavaRDD<InternalRow> inFewParts(Dataset<?> dataset, Dataset<Row> selected) {
        // First: where Spark plans adaptively this fills the cache, in a job of its own.
        JavaRDD<InternalRow> rows = selected.queryExecution().toRdd().toJavaRDD();
        int few = dataset.sparkSession().sparkContext().defaultParallelism();
        boolean cached = dataset.storageLevel().useMemory() && rowsKnown(dataset) > 0;
        return cached && rows.getNumPartitions() > few ? rows.coalesce(few) : rows;
    }

    /**
     * How many rows there are, if they are in the cache already or on the driver; else 0. What the optimizer says of other
     * rows may be an estimate.
     */
    static long rowsKnown(Dataset<?> dataset) {
        // Anew: a Dataset keeps the plan of its first use, which may be from before it was persisted.
        LogicalPlan plan = dataset.alias("rows").queryExecution().optimizedPlan();
        if (plan instanceof InMemoryRelation cached) {
            CachedRDDBuilder cache = cached.cacheBuilder();
            return cache.isCachedColumnBuffersLoaded() ? cache.rowCountStats().value() : 0;
        }
        return plan instanceof LocalRelation local ? local.data().size() : 0;
    }

    /**
     * Checks a number of components before any work is done.
     *
     * @param k        number of components
     * @param rows     number of rows, n
     * @param features number of features, d
     * @throws IllegalArgumentException if k is not in 1 … min(n − 1, d)
     */
    public static void checkK(int k, long rows, int features) {
        PcaParams.checkK(k, rows, features);
    }

    @Override
    public StructType transformSchema(StructType schema) {
        StructType projected = PcaParams.withProjection(this, schema);
        int features = PcaParams.featuresOf(this, schema);
        if (features >= 0 && getK() > features) {
            throw new IllegalArgumentException("k = " + getK() + " is above the d = " + features
                    + " features of column \"" + getInputCol() + "\": a PCA has at most d components.");
        }
        return projected;
    }

    @Override
    public PrincipalComponents copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    /** Reads what {@code save} wrote. */
    public static PrincipalComponents load(String path) {
        return read().load(path);
    }

    /** As {@link #load}; what a Pipeline calls. */
    public static MLReader<PrincipalComponents> read() {
        return new DefaultParamsReader<>();
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
}
