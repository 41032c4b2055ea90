package verger.similar;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;
import verger.similar.TopK.Found;

/**
 * Finds for images those most like them: the k whose vectors have the largest cosine with theirs.
 *
 * <p>Vectors are features, or their principal components: a column of vectors or of arrays of floats or doubles. Rows without
 * one (null), or whose vector is all zeros, are like nothing.
 *
 * <p>The search is exact: every pair is compared, block by block, on the cluster. Two cores do some 10⁹ multiplications in one
 * to three seconds: 1,000 queries among 100,000 images of 1,280 features take minutes, and 100,000 images each with all others
 * hours. Where it may take an hour or more, a warning says how long before it begins; {@code Images.reader(spark).limit(n)}
 * reads fewer images, spread evenly over the classes.
 *
 * <pre>{@code
 * Dataset<Row> nearest = new SimilarImages().setK(8).nearest(query, features);
 * }</pre>
 */
public final class SimilarImages {

    private static final StructType RESULT = new StructType()
            .add("query", DataTypes.StringType)
            .add("rank", DataTypes.IntegerType, false)
            .add("origin", DataTypes.StringType)
            .add("cosine", DataTypes.DoubleType, false);

    /** How many queries are compared with the rows in one job. */
    private static final int BLOCK = 512;

    private String vectorCol = "features";
    private String idCol = "origin";
    private int k = 8;
    private final SearchTime time;

    /** Searches column {@code features} for the eight nearest. */
    public SimilarImages() {
        this(SearchTime.DEFAULT);
    }

    SimilarImages(SearchTime time) {
        this.time = time;
    }

    /** @param value column of vectors, or of arrays of floats or doubles; {@code features} by default */
    public SimilarImages setVectorCol(String value) {
        vectorCol = Objects.requireNonNull(value);
        return this;
    }

    /** The name of the column of vectors. */
    public String getVectorCol() {
        return vectorCol;
    }

    /** @param value column whose value names an image; {@code origin} by default */
    public SimilarImages setIdCol(String value) {
        idCol = Objects.requireNonNull(value);
        return this;
    }

    /** @param value how many images to find for each, 1 at least; 8 by default */
    public SimilarImages setK(int value) {
        if (value < 1) {
            throw new IllegalArgumentException("k must be at least 1: got " + value);
        }
        k = value;
        return this;
    }

    /**
     * The k images nearest to each query; an image that is among the queries itself is not its own neighbour.
     *
     * @param queries rows with the two columns, few enough for the driver
     * @param images  rows with the two columns; their vectors are persisted for the time of the search
     * @return columns {@code query}, {@code rank} (from 1, the nearest), {@code origin} and {@code cosine} (−1 … 1), in the order
     *         of queries' names and ranks
     * @throws IllegalArgumentException if a column is missing, no query has a vector, or vectors differ in size
     */
    public Dataset<Row> nearest(Dataset<Row> queries, Dataset<Row> images) {
        List<UnitVector> asked = UnitVector.of(queries, idCol, vectorCol).collect();
        if (asked.isEmpty()) {
            throw new IllegalArgumentException("No query has a vector in column " + vectorCol
                    + " that is not null and not all zeros");
        }
        // Counted, and searched for each block of queries.
        JavaRDD<UnitVector> there = UnitVector.of(images, idCol, vectorCol).persist(StorageLevel.MEMORY_AND_DISK());
        try {
            long count = there.count();
            time.warn(there.context(), (double) asked.size() * count, asked.get(0).values().length,
                    String.format(Locale.ROOT, "Comparing %,d with %,d images", asked.size(), count));
            return table(images.sparkSession(), nearest(asked, there));
        } finally {
            there.unpersist();
        }
    }

    private Map<String, List<Found>> nearest(List<UnitVector> queries, JavaRDD<UnitVector> images) {
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(images.context());
        Map<String, List<Found>> found = new TreeMap<>();
        for (int from = 0; from < queries.size(); from += BLOCK) {
            UnitBlock block = new UnitBlock(queries.subList(from, Math.min(queries.size(), from + BLOCK)));
            Broadcast<UnitBlock> sent = spark.broadcast(block);
            int nearest = k;
            images.mapPartitionsToPair(part -> nearest(sent.value(), part, nearest))
                    .reduceByKey(TopK::merge)
                    .collectAsMap()
                    .forEach((query, all) -> found.put(block.id(query), all.found()));
            sent.destroy();
        }
        return found;
    }

    private static Iterator<Tuple2<Integer, TopK>> nearest(UnitBlock queries, Iterator<UnitVector> images, int k) {
        List<Tuple2<Integer, TopK>> all = new ArrayList<>(queries.size());
        for (int q = 0; q < queries.size(); q++) {
            all.add(new Tuple2<>(q, new TopK(k)));
        }
        new Cosines(queries).forEach(images, (image, cosines) -> {
            for (int q = 0; q < cosines.length; q++) {
                if (!image.id().equals(queries.id(q))) {
                    all.get(q)._2().offer(image.id(), cosines[q]);
                }
            }
        });
        return all.iterator();
    }

    private static Dataset<Row> table(SparkSession spark, Map<String, List<Found>> found) {
        List<Row> rows = new ArrayList<>();
        found.forEach((query, nearest) -> {
            for (int i = 0; i < nearest.size(); i++) {
                double cosine = Math.max(-1, Math.min(1, nearest.get(i).cosine())); // but for rounding
                rows.add(RowFactory.create(query, i + 1, nearest.get(i).id(), cosine));
            }
        });
        return spark.createDataFrame(rows, RESULT);
    }
}
