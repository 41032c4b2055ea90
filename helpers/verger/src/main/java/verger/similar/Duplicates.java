package verger.similar;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/** Finds images that are in a folder more than once, byte for byte or nearly. */
public final class Duplicates {

    private static final StructType IDENTICAL = new StructType()
            .add("group", DataTypes.IntegerType, false)
            .add("origin", DataTypes.StringType)
            .add("sha256", DataTypes.StringType);

    private static final StructType NEAR = new StructType()
            .add("group", DataTypes.IntegerType, false)
            .add("origin", DataTypes.StringType)
            .add("cosine", DataTypes.DoubleType, false);

    /** How many images are compared with the others in one job. */
    private static final int BLOCK = 512;

    private Duplicates() {
    }

    /**
     * Files that are the same byte for byte. Only those are read whose length another one has.
     *
     * @param images columns {@code origin}, {@code length} (bytes of the file) and {@code content}, as {@code Images.read}
     *               gives them; files of 0 bytes, and those that were not read, are left out
     * @return columns {@code group} (from 1), {@code origin} and {@code sha256}, sorted; no rows if there are none
     */
    public static Dataset<Row> identical(Dataset<Row> images) {
        Object[] lengths = images.filter("length > 0").groupBy("length").count().filter("count > 1").select("length")
                .as(Encoders.LONG()).collectAsList().toArray();
        // Not deterministic, for Spark: else it would compute the hash anew wherever it is asked for, and read the file for it.
        UserDefinedFunction hash = functions.udf((UDF2<byte[], Long, String>) Duplicates::sha256, DataTypes.StringType)
                .asNondeterministic();
        List<Row> found = images.filter(images.col("length").isin(lengths))
                .select(images.col("origin"), hash.apply(images.col("content"), images.col("length")).as("sha256"))
                .withColumn("times", functions.count("sha256").over(Window.partitionBy("sha256")))
                .withColumn("first", functions.min("origin").over(Window.partitionBy("sha256")))
                .filter("times > 1")
                .select("first", "origin", "sha256")
                .orderBy("first", "origin")
                .collectAsList();
        // By hand: a window over all rows, which Spark warns of, would be no smaller.
        List<Row> rows = new ArrayList<>();
        int group = 0;
        String first = null;
        for (Row row : found) {
            if (!row.getString(0).equals(first)) {
                group++;
                first = row.getString(0);
            }
            rows.add(RowFactory.create(group, row.getString(1), row.getString(2)));
        }
        return images.sparkSession().createDataFrame(rows, IDENTICAL);
    }

    /** Null where the content is not the whole file: it was not read, and the reason stands in its place. */
    private static String sha256(byte[] content, Long length) throws NoSuchAlgorithmException {
        return content == null || content.length != length ? null
                : HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    /**
     * Images whose vectors have at least such a cosine with another one's, in groups: each is that near to one of its group,
     * and two of a group may be further apart. All pairs are compared: twice as many images take four times as long, and where
     * that may be an hour or more, a warning says so before it begins.
     *
     * @param rows      columns {@code origin} and that of the vectors; null, and a vector of zeros, is near nothing
     * @param vectorCol column of vectors, or of arrays of floats or doubles
     * @param threshold above 0 and at most 1
     * @return columns {@code group} (from 1), {@code origin} and {@code cosine} (the largest with another image), sorted
     */
    public static Dataset<Row> near(Dataset<Row> rows, String vectorCol, double threshold) {
        return near(rows, vectorCol, threshold, SearchTime.DEFAULT);
    }

    static Dataset<Row> near(Dataset<Row> rows, String vectorCol, double threshold, SearchTime time) {
        if (!(threshold > 0 && threshold <= 1)) {
            throw new IllegalArgumentException("threshold is a cosine above 0 and at most 1: got " + threshold);
        }
        JavaRDD<UnitVector> vectors = UnitVector.of(rows, "origin", vectorCol).persist(StorageLevel.MEMORY_AND_DISK());
        try {
            long count = vectors.count();
            int dimension = count == 0 ? 0 : vectors.first().values().length;
            time.warn(vectors.context(), count / 2.0 * count, dimension,
                    String.format(Locale.ROOT, "Comparing all pairs of %,d images", count));
            return rows.sparkSession().createDataFrame(table(groups(vectors, threshold)), NEAR);
        } finally {
            vectors.unpersist();
        }
    }

    private static Groups groups(JavaRDD<UnitVector> vectors, double threshold) {
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(vectors.context());
        JavaPairRDD<UnitVector, Long> numbered = vectors.zipWithIndex();
        Groups groups = new Groups();
        List<UnitVector> block = new ArrayList<>(BLOCK);
        Iterator<UnitVector> all = vectors.toLocalIterator();
        for (long next = 1; all.hasNext(); next++) {
            block.add(all.next());
            if (block.size() == BLOCK || !all.hasNext()) {
                // Those before it have met the block already.
                long first = next - block.size();
                JavaRDD<UnitVector> others = numbered.filter(row -> row._2() >= first).keys();
                Broadcast<UnitBlock> sent = spark.broadcast(new UnitBlock(block));
                try {
                    others.mapPartitions(part -> List.of(pairs(sent.value(), part, threshold)).iterator())
                            .collect().forEach(groups::merge);
                } finally {
                    sent.destroy();
                }
                block.clear();
            }
        }
        return groups;
    }

    private static Groups pairs(UnitBlock block, Iterator<UnitVector> rows, double threshold) {
        // Two files that are the same have a cosine of 1 up to rounding.
        double least = threshold - 1e-12;
        Groups groups = new Groups();
        new Cosines(block).forEach(rows, (row, cosines) -> {
            for (int q = 0; q < cosines.length; q++) {
                if (cosines[q] >= least && !block.id(q).equals(row.id())) {
                    groups.pair(block.id(q), row.id(), Math.min(1, cosines[q]));
                }
            }
        });
        return groups;
    }

    private static List<Row> table(Groups groups) {
        List<Row> rows = new ArrayList<>();
        int group = 0;
        for (List<String> members : groups.all()) {
            group++;
            for (String origin : members) {
                rows.add(RowFactory.create(group, origin, groups.largest(origin)));
            }
        }
        return rows;
    }
}
