package verger.features;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import verger.networks.Output;

/** All numbers of an output as an array of floats. */
record ArrayColumn(Output output) implements NetworkColumn {

    @Override
    public DataType type() {
        return DataTypes.createArrayType(DataTypes.FloatType, false);
    }

    @Override
    public Object value(float[] row) {
        return row;
    }
}
