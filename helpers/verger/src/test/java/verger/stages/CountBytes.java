package verger.stages;

import java.util.Arrays;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import verger.spark.ColumnParam;

/** A small stage that is right: the length of a file in units of so many bytes. */
public class CountBytes extends Transformer implements DefaultParamsWritable {

    private final String uid;
    private final Param<String> inputCol;
    private final Param<String> outputCol;
    private final IntParam unit;

    public CountBytes() {
        this(Identifiable.randomUID("countBytes"));
    }

    public CountBytes(String uid) {
        this.uid = uid;
        inputCol = new ColumnParam(this, "inputCol", "column of files, binary");
        outputCol = new ColumnParam(this, "outputCol", "column for their length, an integer");
        unit = new IntParam(this, "unit", unitDoc(), ParamValidators.gtEq(lowestUnit()));
        setDefault(inputCol, "content");
        setDefault(outputCol, "length");
        setDefault(unit, 1);
    }

    String unitDoc() {
        return "bytes of a unit";
    }

    double lowestUnit() {
        return 1;
    }

    @Override
    public String uid() {
        return uid;
    }

    public Param<String> inputCol() {
        return inputCol;
    }

    public Param<String> outputCol() {
        return outputCol;
    }

    public IntParam unit() {
        return unit;
    }

    public String getInputCol() {
        return $(inputCol);
    }

    public String getOutputCol() {
        return $(outputCol);
    }

    public int getUnit() {
        return (int) $(unit);
    }

    public CountBytes setInputCol(String value) {
        set(inputCol, value);
        return this;
    }

    public CountBytes setOutputCol(String value) {
        set(outputCol, value);
        return this;
    }

    public CountBytes setUnit(int value) {
        set(unit, value);
        return this;
    }

    @Override
    public StructType transformSchema(StructType schema) {
        if (!Arrays.asList(schema.fieldNames()).contains(getInputCol())) {
            throw new IllegalArgumentException("There is no column " + getInputCol());
        }
        if (!schema.apply(getInputCol()).dataType().equals(DataTypes.BinaryType)) {
            throw new IllegalArgumentException(getInputCol() + " is not binary");
        }
        if (Arrays.stream(schema.fieldNames()).anyMatch(getOutputCol()::equalsIgnoreCase)) {
            throw new IllegalArgumentException("There is a column " + getOutputCol() + " already");
        }
        return schema.add(getOutputCol(), DataTypes.IntegerType, true);
    }

    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        transformSchema(dataset.schema());
        return dataset.toDF().withColumn(getOutputCol(), length());
    }

    Column length() {
        return functions.expr("cast(length(`" + getInputCol() + "`) / " + getUnit() + " as int)");
    }

    @Override
    public Transformer copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    public static MLReader<CountBytes> read() {
        return new DefaultParamsReader<>();
    }

    public static CountBytes load(String path) {
        return read().load(path);
    }
}
