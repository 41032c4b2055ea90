package verger.pca;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.json4s.JsonAST;
import org.json4s.JsonAST.JObject;
import scala.Option;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.math.BigInt;
import verger.Version;
import verger.files.LiteralPath;
import verger.files.S3;
import verger.files.S3Commit;
import verger.files.UserPath;
import verger.files.WholeTable;
import verger.spark.StageProvenance;

/**
 * A model in a folder, as Spark's own: {@code metadata} with the parameters, the version that saved it and its format,
 * {@code data} with one row of Parquet.
 */
final class ModelFiles {

    /** To be raised when {@link #SCHEMA} changes; models from before there was one count as 1. */
    private static final int FORMAT = 1;

    private static final StructType SCHEMA = new StructType()
            .add("rowsUsed", DataTypes.LongType, false)
            .add("rowsSkipped", DataTypes.LongType, false)
            .add("mean", SQLDataTypes.VectorType(), false)
            .add("variances", SQLDataTypes.VectorType(), false)
            .add("components", SQLDataTypes.MatrixType(), false);

    /** Bytes of a column of one row: Snappy, which Parquet compresses it with, counts room for 32 + 7/6 of them in an int. */
    private static final long MOST_BYTES = (Integer.MAX_VALUE - 32) / 7L * 6;

    private ModelFiles() {
    }

    static final class Writer extends MLWriter {
        private final PrincipalComponentsModel model;

        Writer(PrincipalComponentsModel model) {
            this.model = model;
        }

        /** Checks before anything is written, and before what is to be overwritten is deleted. */
        @Override
        public void save(String path) throws IOException {
            checkSize(model.spectrum().features(), model.spectrum().size());
            super.save(path);
        }

        @Override
        public void saveImpl(String path) {
            DefaultParamsWriter.saveMetadata(model, path, sc(), Option.apply(extraMetadata()), Option.empty());
            Spectrum spectrum = model.spectrum();
            Row row = RowFactory.create(spectrum.rows(), model.rowsSkipped(),
                    Vectors.dense(spectrum.mean()), Vectors.dense(spectrum.variances()),
                    new DenseMatrix(spectrum.features(), spectrum.size(), spectrum.components()));
            JavaSparkContext spark = JavaSparkContext.fromSparkContext(sc());
            // By broadcast: Spark refuses a task of more than 128 MB, which the components of 4,096 features are.
            Broadcast<Row> whole = spark.broadcast(row);
            JavaRDD<Row> rows = spark.parallelize(List.of(0), 1).map(only -> whole.value());
            try {
                S3Commit.during(sparkSession(), path,
                        () -> sparkSession().createDataFrame(rows, SCHEMA).write().parquet(path + "/data"));
            } finally {
                whole.destroy();
            }
        }

        private static void checkSize(int features, int components) {
            // Beside the components there are the mean and the variances.
            long bytes = (long) Double.BYTES * ((long) features * components + features + components);
            if (bytes > MOST_BYTES) {
                throw new IllegalArgumentException("A model of " + components + " components of d = " + features
                        + " features takes " + MemoryEstimate.mebibytes(bytes) + ", and a saved one is a row of at most "
                        + MemoryEstimate.mebibytes(MOST_BYTES) + ": fit on fewer features.");
            }
        }

        private JObject extraMetadata() {
            List<Tuple2<String, JsonAST.JValue>> fields = List.of(
                    new Tuple2<>("vergerVersion", new JsonAST.JString(Version.get())),
                    new Tuple2<>("format", new JsonAST.JInt(BigInt.apply(FORMAT))));
            Map<String, String> facts = new LinkedHashMap<>();
            facts.put("rowsUsed", Long.toString(model.rowsUsed()));
            facts.put("rowsSkipped", Long.toString(model.rowsSkipped()));
            facts.put("features", Integer.toString(model.spectrum().features()));
            facts.put("components", Integer.toString(model.spectrum().size()));
            JObject provenance = StageProvenance.entry(facts);
            return new JObject(provenance.obj().$colon$colon$colon(JavaConverters.asScalaBuffer(fields).toList()));
        }
    }

    static final class Reader extends MLReader<PrincipalComponentsModel> {

        @Override
        public PrincipalComponentsModel load(String path) {
            Configuration settings = S3.settings(sparkSession());
            Path folder;
            String plain;
            try {
                folder = UserPath.of(path, settings);
                plain = LiteralPath.plain(sparkSession(), folder);
            } catch (IOException e) {
                throw new IllegalArgumentException("Cannot read the model at " + path + ": " + e.getMessage(), e);
            }
            DefaultParamsReader.Metadata metadata =
                    DefaultParamsReader.loadMetadata(plain, sc(), PrincipalComponentsModel.class.getName());
            checkFormat(metadata.metadata(), path);
            WholeTable.require(new Path(folder, "data"), settings);
            Row row = sparkSession().read().schema(SCHEMA).parquet(plain + "/data").head();
            Spectrum spectrum = new Spectrum(row.getLong(0), row.<Vector>getAs(2).toArray(),
                    row.<Vector>getAs(3).toArray(), row.<Matrix>getAs(4).toArray());
            PrincipalComponentsModel model = new PrincipalComponentsModel(metadata.uid(), spectrum, row.getLong(1));
            metadata.getAndSetParams(model, Option.empty());
            return model;
        }

        private static void checkFormat(JsonAST.JValue metadata, String path) {
            scala.collection.immutable.Map<String, Object> fields = ((JObject) metadata).values();
            if (fields.contains("format") && ((BigInt) fields.apply("format")).toInt() > FORMAT) {
                throw new IllegalArgumentException("The model in " + path + " is of format " + fields.apply("format")
                        + ", saved by Verger " + fields.apply("vergerVersion") + ": this is Verger " + Version.get()
                        + ", which reads format " + FORMAT + " and older.");
            }
        }
    }
}
