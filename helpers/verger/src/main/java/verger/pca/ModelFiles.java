package verger.pca;

import java.util.List;
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
import scala.Option;

/** A model in a folder, as Spark's own: {@code metadata} with the parameters, {@code data} with one row of Parquet. */
final class ModelFiles {

    private static final StructType SCHEMA = new StructType()
            .add("rowsUsed", DataTypes.LongType, false)
            .add("rowsSkipped", DataTypes.LongType, false)
            .add("mean", SQLDataTypes.VectorType(), false)
            .add("variances", SQLDataTypes.VectorType(), false)
            .add("components", SQLDataTypes.MatrixType(), false);

    private ModelFiles() {
    }

    static final class Writer extends MLWriter {
        private final PrincipalComponentsModel model;

        Writer(PrincipalComponentsModel model) {
            this.model = model;
        }

        @Override
        public void saveImpl(String path) {
            DefaultParamsWriter.saveMetadata(model, path, sc(), Option.empty(), Option.empty());
            Spectrum spectrum = model.spectrum();
            Row row = RowFactory.create(spectrum.rows(), model.rowsSkipped(),
                    Vectors.dense(spectrum.mean()), Vectors.dense(spectrum.variances()),
                    new DenseMatrix(spectrum.features(), spectrum.size(), spectrum.components()));
            sparkSession().createDataFrame(List.of(row), SCHEMA).coalesce(1).write().parquet(path + "/data");
        }
    }

    static final class Reader extends MLReader<PrincipalComponentsModel> {

        @Override
        public PrincipalComponentsModel load(String path) {
            DefaultParamsReader.Metadata metadata =
                    DefaultParamsReader.loadMetadata(path, sc(), PrincipalComponentsModel.class.getName());
            Row row = sparkSession().read().schema(SCHEMA).parquet(path + "/data").head();
            Spectrum spectrum = new Spectrum(row.getLong(0), row.<Vector>getAs(2).toArray(),
                    row.<Vector>getAs(3).toArray(), row.<Matrix>getAs(4).toArray());
            PrincipalComponentsModel model = new PrincipalComponentsModel(metadata.uid(), spectrum, row.getLong(1));
            metadata.getAndSetParams(model, Option.empty());
            return model;
        }
    }
}
