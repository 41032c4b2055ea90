package verger.features;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import scala.collection.Seq;
import scala.collection.mutable.WrappedArray;
import verger.networks.Output;

/** The classes that are most likely. */
record ClassesColumn(TopClasses top) implements NetworkColumn {

    @Override
    public Output output() {
        return Output.PROBABILITIES;
    }

    @Override
    public DataType type() {
        return TopClasses.TYPE;
    }

    /** As Spark itself has an array in a row: it hands rows on to a typed operation without a detour through its own format. */
    @Override
    public Seq<Row> value(float[] probabilities) {
        return WrappedArray.make(top.of(probabilities.length, i -> probabilities[i]));
    }
}
