package verger.features;

import java.io.Serializable;
import org.apache.spark.sql.types.DataType;
import verger.networks.Output;

/** The column that a stage adds: which of a network's outputs it shows, and how. */
interface NetworkColumn extends Serializable {

    Output output();

    DataType type();

    /**
     * The value for an image.
     *
     * @param row what the network put out for it
     */
    Object value(float[] row);

    /** The same for SQL, which can do more with arrays than with vectors. */
    default NetworkColumn forSql() {
        return this;
    }
}
