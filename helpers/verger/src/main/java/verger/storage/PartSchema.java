package verger.storage;

import java.sql.Timestamp;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns of a part as Parquet has them, in the layout that Spark writes: texts, longs, timestamps and arrays of floats. */
final class PartSchema {

    private PartSchema() {
    }

    /** @throws IllegalArgumentException if a column is of another type */
    static MessageType parquet(StructType table) {
        Types.MessageTypeBuilder message = Types.buildMessage();
        for (StructField field : table.fields()) {
            addField(message, field.name(), field.dataType());
        }
        return message.named("spark_schema");
    }

    private static void addField(Types.MessageTypeBuilder message, String name, DataType type) {
        if (type.equals(DataTypes.StringType)) {
            message.optional(PrimitiveTypeName.BINARY).as(LogicalTypeAnnotation.stringType()).named(name);
        } else if (type.equals(DataTypes.LongType)) {
            message.optional(PrimitiveTypeName.INT64).named(name);
        } else if (type.equals(DataTypes.TimestampType)) {
            message.optional(PrimitiveTypeName.INT64).as(LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS))
                    .named(name);
        } else if (type instanceof ArrayType array && array.elementType().equals(DataTypes.FloatType)) {
            message.optionalList().requiredElement(PrimitiveTypeName.FLOAT).named(name);
        } else {
            throw new IllegalArgumentException("A part has no column of type " + type.simpleString() + ": " + name);
        }
    }

    /** Sets a value as Spark has it in a row; null leaves it out. */
    static void add(Group group, String name, Object value) {
        if (value instanceof String text) {
            group.add(name, text);
        } else if (value instanceof Long number) {
            group.add(name, number);
        } else if (value instanceof Timestamp time) {
            group.add(name, Math.floorDiv(time.getTime(), 1000L) * 1_000_000 + time.getNanos() / 1000);
        } else if (value instanceof double[] numbers) {
            Group list = group.addGroup(name);
            for (double number : numbers) {
                list.addGroup("list").add("element", (float) number);
            }
        }
    }
}
