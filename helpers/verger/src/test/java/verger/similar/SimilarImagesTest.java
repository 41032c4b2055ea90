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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import verger.TestSpark;

class SimilarImagesTest {

    /** More queries than go through the rows together, and an odd number of rows in a partition. */
    private static final double[][] VECTORS = clustered(601, 24);

    @Test
    void agreesWithADoubleLoop() {
        List<Integer> queries = IntStream.range(0, VECTORS.length).boxed().toList();

        List<Row> found = new SimilarImages().setK(5).nearest(vectors(VECTORS), vectors(VECTORS)).collectAsList();

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
                .nearest(arrays.filter("origin = 'image 7'"), arrays).collectAsList();

        assertThat(found).hasSize(1);
        assertThat(found.get(0).getString(2)).isEqualTo(name(nearestByDoubleLoop(7).get(0)));
        assertThat(found.get(0).getDouble(3)).isCloseTo(
                cosine(VECTORS[7], VECTORS[nearestByDoubleLoop(7).get(0)]), within(1e-6));
    }

    @Test
    void aQueryFromElsewhereHasItsTwinFirst() {
        Dataset<Row> query = vectors(new double[][] {VECTORS[3].clone()}).selectExpr("'elsewhere' as origin", "features");

        Row first = new SimilarImages().setK(2).nearest(query, vectors(VECTORS)).first();

        assertThat(first.getString(2)).isEqualTo(name(3));
        assertThat(first.getDouble(3)).isCloseTo(1, within(1e-12));
    }

    @Test
    void rowsWithoutAVectorAreLikeNothing() {
        double[][] some = {{1, 0}, null, {0, 0}, {1, 1}};

        List<Row> found = new SimilarImages().nearest(vectors(some), vectors(some)).collectAsList();

        assertThat(found).extracting(row -> row.getString(0) + " " + row.getString(2))
                .containsExactly("image 0 image 3", "image 3 image 0");
        assertThat(found.get(0).getDouble(3)).isCloseTo(Math.sqrt(0.5), within(1e-15));
    }

    @Test
    void aLongSearchIsAnnounced() {
        Dataset<Row> rows = vectors(VECTORS);

        // 601 · 601 · 24 multiplications are 8.7 million: 26 ms of the slowest core.
        assertThat(Warnings.of(SearchTime.class, () -> new SimilarImages(new SearchTime(0.01)).nearest(rows, rows)))
                .singleElement().asString()
                .startsWith("Comparing 601 with 601 images takes some 0 to 0 minutes on 2 cores: ");
        assertThat(Warnings.of(SearchTime.class, () -> new SimilarImages().nearest(rows, rows))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        // By hand: 1.28 · 10¹³ / 2 / (5 · 10⁸) s, and three times that.
        "1.28e13 |  2 | 3.6 to 11 hours on 2 cores",
        "1.28e13 | 64 | 6.7 to 20 minutes on 64 cores",
        "1.28e15 | 16 | 1.9 to 5.6 days on 16 cores",
        "1.8e12  |  1 | 1 to 3 hours on 1 core"})
    void theTimeIsSaidInAUnitThatFits(double multiplications, int cores, String time) {
        assertThat(SearchTime.sentence(multiplications, cores, "It"))
                .isEqualTo("It takes some " + time + ": to compare fewer, set "
                        + "limit in the notebook, or read them with Images.reader(spark).limit(…)");
    }

    @Test
    void mistakesAreSaid() {
        Dataset<Row> rows = vectors(new double[][] {{1, 2}, {3, 4}});

        assertThatThrownBy(() -> new SimilarImages().setK(0)).hasMessage("k must be at least 1: got 0");
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
