package verger.similar;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.feature.BucketedRandomProjectionLSH;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;
import verger.similar.Nearest.Found;

/**
 * Finds for images those most like them: the k whose vectors have the largest cosine with theirs.
 *
 * <p>Vectors are features, or their principal components: a column of vectors or of arrays of floats or doubles. Rows without
 * one (null), or whose vector is all zeros, are like nothing.
 *
 * <p>The search is exact: every pair is compared, block by block, on the cluster. Two cores do some 10⁹ multiplications in one
 * to three seconds: 1,000 queries among 100,000 images of 1,280 features take minutes. Beyond {@value #EXACT_LIMIT}
 * multiplications {@link #AUTO} takes the hashes of Spark's {@link BucketedRandomProjectionLSH} of the vectors scaled to length
 * one, whose Euclidean distance has the order of the cosine: those pairs alone are compared that fall into the same bucket,
 * and some of the nearest are missed. The result says how many, as found on a sample.
 *
 * <pre>{@code
 * Dataset<Row> nearest = new SimilarImages().setK(8).nearest(query, features).rows();
 * }</pre>
 */
public final class SimilarImages {

    /** Exact up to {@value #EXACT_LIMIT} multiplications, else by LSH. */
    public static final String AUTO = "auto";
    /** Compares all pairs. */
    public static final String EXACT = "exact";
    /** Compares those pairs that Spark's LSH puts into the same bucket. */
    public static final String LSH = "lsh";

    /** Queries × images × numbers of a vector. */
    static final double EXACT_LIMIT = 1e13;

    private static final List<String> METHODS = List.of(AUTO, EXACT, LSH);
    private static final StructType RESULT = new StructType()
            .add("query", DataTypes.StringType)
            .add("rank", DataTypes.IntegerType, false)
            .add("origin", DataTypes.StringType)
            .add("cosine", DataTypes.DoubleType, false);

    /** So many queries go through the rows together. */
    private static final int BLOCK = 512;
    private static final int HASHED_BLOCK = 4096;
    /** On so many queries the recall is found. */
    private static final int SAMPLE = 100;
    private static final long SEED = 1;

    private String vectorCol = "features";
    private String idCol = "origin";
    private int k = 8;
    private String method = AUTO;

    /**
     * What was found.
     *
     * @param rows   columns {@code query}, {@code rank} (from 1, the nearest), {@code origin} and {@code cosine} (−1 … 1),
     *               in the order of queries' names and ranks
     * @param method {@link #EXACT} or {@link #LSH}
     * @param recall the share of the truly nearest that was found: 1 of an exact search, else as found on a sample of
     *               100 queries at most
     */
    public record Result(Dataset<Row> rows, String method, double recall) {

        @Override
        public String toString() {
            return method.equals(EXACT) ? "exact search" : String.format(Locale.ROOT,
                    "search by LSH, which found %.0f %% of the nearest of a sample", 100 * recall);
        }
    }

    /** @param value column of vectors, or of arrays of floats or doubles; {@code features} by default */
    public SimilarImages setVectorCol(String value) {
        vectorCol = Objects.requireNonNull(value);
        return this;
    }

    /** The column of vectors. */
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

    /** @param value {@link #AUTO} (the default), {@link #EXACT} or {@link #LSH} */
    public SimilarImages setMethod(String value) {
        if (!METHODS.contains(value)) {
            throw new IllegalArgumentException("Unknown method '" + value + "': known are " + String.join(", ", METHODS));
        }
        method = value;
        return this;
    }

    /**
     * The k images nearest to each query; an image that is among the queries itself is not its own neighbour.
     *
     * @param queries rows with the two columns, few enough for the driver
     * @param images  rows with the two columns; their vectors are persisted for the time of the search
     * @throws IllegalArgumentException if a column is missing, no query has a vector, or vectors differ in size
     */
    public Result nearest(Dataset<Row> queries, Dataset<Row> images) {
        List<UnitVector> asked = UnitVector.of(queries, idCol, vectorCol).collect();
        if (asked.isEmpty()) {
            throw new IllegalArgumentException("No query has a vector in column " + vectorCol
                    + " that is not null and not all zeros");
        }
        // Counted, searched, and where it is hashed searched once more for a sample.
        JavaRDD<UnitVector> there = UnitVector.of(images, idCol, vectorCol).persist(StorageLevel.MEMORY_AND_DISK());
        try {
            return nearest(asked, there, images.sparkSession());
        } finally {
            there.unpersist();
        }
    }

    private Result nearest(List<UnitVector> asked, JavaRDD<UnitVector> there, SparkSession spark) {
        double products = method.equals(AUTO) ? (double) asked.size() * asked.get(0).values().length * there.count() : 0;
        if (method.equals(EXACT) || method.equals(AUTO) && products <= EXACT_LIMIT) {
            return new Result(table(spark, exact(asked, there)), EXACT, 1);
        }
        Map<String, List<Found>> found = byHash(spark, asked, there);
        return new Result(table(spark, found), LSH, recall(found, asked, there));
    }

    /** The nearest of each query. */
    private Map<String, List<Found>> exact(List<UnitVector> queries, JavaRDD<UnitVector> images) {
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(images.context());
        Map<String, List<Found>> found = new TreeMap<>();
        for (int from = 0; from < queries.size(); from += BLOCK) {
            UnitBlock block = new UnitBlock(queries.subList(from, Math.min(queries.size(), from + BLOCK)));
            Broadcast<UnitBlock> sent = spark.broadcast(block);
            int nearest = k;
            images.mapPartitionsToPair(part -> nearest(sent.value(), part, nearest))
                    .reduceByKey(Nearest::merge)
                    .collectAsMap()
                    .forEach((query, all) -> found.put(block.id(query), all.found()));
            sent.destroy();
        }
        return found;
    }

    private static Iterator<Tuple2<Integer, Nearest>> nearest(UnitBlock queries, Iterator<UnitVector> images, int k) {
        List<Tuple2<Integer, Nearest>> all = new ArrayList<>(queries.size());
        for (int q = 0; q < queries.size(); q++) {
            all.add(new Tuple2<>(q, new Nearest(k)));
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

    /** The nearest of each query among those that share a bucket with it. */
    private Map<String, List<Found>> byHash(SparkSession session, List<UnitVector> queries, JavaRDD<UnitVector> images) {
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(images.context());
        Buckets buckets = new Buckets(session, queries.get(0).values().length);
        Map<String, List<Found>> found = new TreeMap<>();
        for (int from = 0; from < queries.size(); from += HASHED_BLOCK) {
            List<UnitVector> block = queries.subList(from, Math.min(queries.size(), from + HASHED_BLOCK));
            Broadcast<HashedQueries> sent = spark.broadcast(new HashedQueries(buckets, block));
            int nearest = k;
            images.mapPartitionsToPair(part -> sent.value().nearest(part, nearest))
                    .reduceByKey(Nearest::merge)
                    .collectAsMap()
                    .forEach((query, all) -> found.put(block.get(query).id(), all.found()));
            sent.destroy();
        }
        return found;
    }

    /** The share of the truly nearest that was found. */
    private double recall(Map<String, List<Found>> found, List<UnitVector> asked, JavaRDD<UnitVector> there) {
        List<UnitVector> sample = new ArrayList<>(asked);
        Collections.shuffle(sample, new Random(SEED));
        long all = 0;
        long hits = 0;
        for (Map.Entry<String, List<Found>> truth : exact(sample.subList(0, Math.min(SAMPLE, sample.size())), there).entrySet()) {
            Set<String> told = found.getOrDefault(truth.getKey(), List.of()).stream().map(Found::id).collect(Collectors.toSet());
            all += truth.getValue().size();
            hits += truth.getValue().stream().filter(image -> told.contains(image.id())).count();
        }
        return all == 0 ? 1 : hits / (double) all;
    }
}
