package verger.similar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.ml.functions$;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import verger.TestSpark;

class SimilarImagesTest {

    /** More queries than go through the rows together, and an odd number of rows in a partition. */
    private static final double[][] VECTORS = clustered(601, 24);

    @Test
    void agreesWithADoubleLoop() {
        List<Integer> queries = IntStream.range(0, VECTORS.length).boxed().toList();

        SimilarImages.Result result = new SimilarImages().setK(5).nearest(vectors(VECTORS), vectors(VECTORS));

        assertThat(result.method()).isEqualTo("exact");
        assertThat(result.recall()).isEqualTo(1);
        assertThat(result).hasToString("exact search");
        List<Row> found = result.rows().collectAsList();
        assertThat(found).hasSize(5 * queries.size());
        int row = 0;
        for (int query : queries.stream().sorted(Comparator.comparing(SimilarImagesTest::name)).toList()) {
            List<Integer> nearest = nearestByDoubleLoop(query);
            for (int rank = 1; rank <= 5; rank++, row++) {
                Row told = found.get(row);
                assertThat(told.getString(0)).isEqualTo(name(query));
                assertThat(told.getInt(1)).isEqualTo(rank);
                assertThat(told.getString(2)).isEqualTo(name(nearest.get(rank - 1)));
                assertThat(told.getDouble(3)).isCloseTo(cosine(VECTORS[query], VECTORS[nearest.get(rank - 1)]), within(1e-12));
            }
        }
    }

    @Test
    void arraysOfFloatsDoAsWell() {
        Dataset<Row> arrays = vectors(VECTORS).select(functions.col("origin"),
                functions$.MODULE$.vector_to_array(functions.col("features"), "float32").as("an.array"));

        List<Row> found = new SimilarImages().setVectorCol("an.array").setK(1)
                .nearest(arrays.filter("origin = 'image 7'"), arrays).rows().collectAsList();

        assertThat(found).hasSize(1);
        assertThat(found.get(0).getString(2)).isEqualTo(name(nearestByDoubleLoop(7).get(0)));
        assertThat(found.get(0).getDouble(3)).isCloseTo(
                cosine(VECTORS[7], VECTORS[nearestByDoubleLoop(7).get(0)]), within(1e-6));
    }

    @Test
    void aQueryFromElsewhereHasItsTwinFirst() {
        Dataset<Row> query = vectors(new double[][] {VECTORS[3].clone()}).selectExpr("'elsewhere' as origin", "features");

        Row first = new SimilarImages().setK(2).nearest(query, vectors(VECTORS)).rows().first();

        assertThat(first.getString(2)).isEqualTo(name(3));
        assertThat(first.getDouble(3)).isCloseTo(1, within(1e-12));
    }

    @Test
    void rowsWithoutAVectorAreLikeNothing() {
        double[][] some = {{1, 0}, null, {0, 0}, {1, 1}};

        List<Row> found = new SimilarImages().nearest(vectors(some), vectors(some)).rows().collectAsList();

        assertThat(found).extracting(row -> row.getString(0) + " " + row.getString(2))
                .containsExactly("image 0 image 3", "image 3 image 0");
        assertThat(found.get(0).getDouble(3)).isCloseTo(Math.sqrt(0.5), within(1e-15));
    }

    /** Of images in clusters, as photographs of fruits are. */
    @Test
    void sparksHashesMissSomeAndItSaysHowMany() {
        SimilarImages similar = new SimilarImages().setK(5);
        Dataset<Row> some = vectors(Arrays.copyOf(VECTORS, 240)).persist();
        SimilarImages.Result approximate = similar.setMethod(SimilarImages.LSH).nearest(some, some);

        List<String> found = pairs(approximate.rows());
        List<String> truth = pairs(similar.setMethod(SimilarImages.EXACT).nearest(some, some).rows());
        double recall = truth.stream().filter(found::contains).count() / (double) truth.size();
        System.out.println("Recall of the LSH on 240 vectors in 30 clusters: " + recall + ", told: " + approximate.recall());
        assertThat(approximate.method()).isEqualTo("lsh");
        assertThat(approximate.recall()).isCloseTo(recall, within(0.06));
        assertThat(recall).isBetween(0.7, 1.0);
        assertThat(approximate.toString()).startsWith("search by LSH, which found ").endsWith(" % of the nearest of a sample");
    }

    @Test
    void mistakesAreSaid() {
        Dataset<Row> rows = vectors(new double[][] {{1, 2}, {3, 4}});

        assertThatThrownBy(() -> new SimilarImages().setK(0)).hasMessage("k must be at least 1: got 0");
        assertThatThrownBy(() -> new SimilarImages().setMethod("fast"))
                .hasMessage("Unknown method 'fast': known are auto, exact, lsh");
        assertThatThrownBy(() -> new SimilarImages().setVectorCol("pca").nearest(rows, rows))
                .hasMessage("There is no column pca: the columns are origin, features");
        assertThatThrownBy(() -> new SimilarImages().setVectorCol("origin").nearest(rows, rows))
                .hasMessage("Column origin must hold vectors, or arrays of floats or doubles: it is string");
        assertThatThrownBy(() -> new SimilarImages().nearest(vectors(new double[][] {null}), rows))
                .hasMessage("No query has a vector in column features that is not null and not all zeros");
        assertThatThrownBy(() -> new SimilarImages().nearest(rows, vectors(new double[][] {{1, 2, 3}})))
                .hasMessageContaining("image 0 has a vector of 3 numbers, and image 0 has one of 2");
    }

    private static List<Integer> nearestByDoubleLoop(int query) {
        List<Integer> others = new ArrayList<>();
        for (int i = 0; i < VECTORS.length; i++) {
            if (i != query) {
                others.add(i);
            }
        }
        others.sort(Comparator.comparingDouble(i -> -cosine(VECTORS[query], VECTORS[i])));
        return others;
    }

    private static double cosine(double[] a, double[] b) {
        double product = 0;
        double ofA = 0;
        double ofB = 0;
        for (int j = 0; j < a.length; j++) {
            product += a[j] * b[j];
            ofA += a[j] * a[j];
            ofB += b[j] * b[j];
        }
        return product / Math.sqrt(ofA * ofB);
    }

    private static List<String> pairs(Dataset<Row> found) {
        return found.collectAsList().stream().map(row -> row.getString(0) + " " + row.getString(2)).toList();
    }

    private static String name(int row) {
        return "image " + row;
    }

    static Dataset<Row> vectors(double[][] vectors) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < vectors.length; i++) {
            rows.add(RowFactory.create(name(i), vectors[i] == null ? null : Vectors.dense(vectors[i])));
        }
        StructType schema = new StructType().add("origin", DataTypes.StringType).add("features", SQLDataTypes.VectorType());
        return TestSpark.session().createDataFrame(rows, schema);
    }

    /** Vectors around thirty centres. */
    private static double[][] clustered(int n, int d) {
        Random random = new Random(5);
        double[][] centres = new double[30][d];
        for (double[] centre : centres) {
            Arrays.setAll(centre, j -> random.nextGaussian());
        }
        double[][] vectors = new double[n][d];
        for (int i = 0; i < n; i++) {
            double[] centre = centres[i % centres.length];
            Arrays.setAll(vectors[i], j -> centre[j] + 0.3 * random.nextGaussian());
        }
        return vectors;
    }
}
