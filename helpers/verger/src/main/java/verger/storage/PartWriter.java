package verger.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import verger.files.S3;

/**
 * Writes what became of images while the rows pass through, on executors: a part is two files of Parquet, the features of some
 * hundred images, and then the list of these images, which says that the part is whole.
 *
 * <p>Spark's own writers show nothing of a table before all of its tasks are done.
 */
final class PartWriter implements MapPartitionsFunction<Row, Row> {

    private static final long serialVersionUID = 1L;

    /** Images of a part at most: a hundred parts are 100,000 images, and a part of 2,048 features is 8 MB. */
    static final int IMAGES = 1024;

    static final String FEATURES = "features-";
    static final String FILES = "files-";
    static final String SUFFIX = ".snappy.parquet";

    /** Readers of the folder pass over it: what is written and not whole. */
    static final String UNFINISHED = "_unfinished-";

    /** Where Spark looks for the types that it wrote. */
    private static final String SPARK_SCHEMA = "org.apache.spark.sql.parquet.row.metadata";

    private final Broadcast<SerializableConfiguration> conf;
    private final String folder;
    private final StructType schema;
    private final StructType files;
    private final int features;

    /**
     * @param folder that exists
     * @param schema of the rows: those of {@link ResultColumns#FEATURES}, {@code features} as a vector, and others
     * @param files  the columns of the list, which are among these
     */
    PartWriter(Broadcast<SerializableConfiguration> conf, Path folder, StructType schema, StructType files) {
        this.conf = conf;
        this.folder = folder.toString();
        this.schema = schema;
        this.features = schema.fieldIndex("features");
        this.files = files;
        PartSchema.parquet(files); // on the driver, before the work
    }

    /** The same rows, each of which is written before the last of its part is handed on. */
    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        List<Row> part = new ArrayList<>();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public Row next() {
                Row row = rows.next();
                part.add(row);
                if (part.size() == IMAGES || !rows.hasNext()) {
                    write(part);
                    part.clear();
                }
                return row;
            }
        };
    }

    private void write(List<Row> rows) {
        String part = UUID.randomUUID().toString();
        List<Row> used = rows.stream().filter(row -> !row.isNullAt(features)).toList();
        try {
            write(FEATURES + part + SUFFIX, ResultColumns.FEATURES, used);
            write(FILES + part + SUFFIX, files, rows);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write features to " + folder + ": " + e.getMessage(), e);
        }
    }

    private void write(String name, StructType table, List<Row> rows) throws IOException {
        Configuration hadoop = conf.value().value();
        Path path = new Path(folder, name);
        FileSystem fs = path.getFileSystem(hadoop);
        // An object of S3 is there when it is whole.
        Path unfinished = S3.isS3A(path, hadoop) ? path : new Path(folder, UNFINISHED + name);
        MessageType type = PartSchema.parquet(table);
        try (ParquetWriter<Group> out = ExampleParquetWriter.builder(HadoopOutputFile.fromPath(unfinished, hadoop))
                .withType(type)
                .withConf(hadoop)
                .withCompressionCodec(CompressionCodecName.SNAPPY)
                .withExtraMetaData(Map.of(SPARK_SCHEMA, table.json()))
                .build()) {
            for (Row row : rows) {
                out.write(group(type, table, row));
            }
        }
        if (!unfinished.equals(path) && !fs.rename(unfinished, path)) {
            throw new IOException("could not move " + unfinished + " to " + path);
        }
    }

    private Group group(MessageType type, StructType table, Row row) {
        Group group = new SimpleGroup(type);
        for (String name : table.fieldNames()) {
            Object value = row.get(schema.fieldIndex(name));
            PartSchema.add(group, name, value instanceof Vector vector ? vector.toArray() : value);
        }
        return group;
    }
}
