package verger.features;

import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.types.DataType;
import verger.networks.Output;

/** All numbers of an output as a vector. */
record VectorColumn(Output output) implements NetworkColumn {

    @Override
    public DataType type() {
        return SQLDataTypes.VectorType();
    }

    @Override
    public Object value(float[] row) {
        double[] values = new double[row.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = row[i];
        }
        return Vectors.dense(values);
    }

    @Override
    public NetworkColumn forSql() {
        return new ArrayColumn(output);
    }
}
