package verger.pca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Projections, one row at a time and, from 32 components on, in blocks; and the way back. */
class TransformTest {

    private static final int N = 600;
    private static final int D = 40;
    private static final double[][] DATA = LocalSpark.gaussian(N, D, 7, 5);
    private static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.LongType, false)
            .add("features", SQLDataTypes.VectorType(), true, new AttributeGroup("features", D).toMetadata())
            .add("tags", DataTypes.createArrayType(DataTypes.StringType))
            .add("place", new StructType().add("x", DataTypes.DoubleType).add("name", DataTypes.StringType));

    private static Dataset<Row> rows;
    private static PrincipalComponentsModel model;

    @BeforeAll
    static void fit() {
        List<Row> list = new ArrayList<>();
        for (int i = 0; i < N; i++) {
            // Null in every seventh row, and in a whole block of 256.
            list.add(RowFactory.create((long) i, isNull(i) ? null : Vectors.dense(DATA[i]),
                    i % 3 == 0 ? null : new String[] {"a" + i, null},
                    i % 5 == 0 ? null : RowFactory.create(i / 2.0, "é" + i)));
        }
        rows = LocalSpark.session().createDataFrame(list, SCHEMA);
        model = new PrincipalComponents().setK(D).fit(LocalSpark.features(DATA));
    }

    private static boolean isNull(int i) {
        return i % 7 == 0 || i < 300;
    }

    @ParameterizedTest
    @CsvSource({"1, true", "31, true", "32, true", "33, true", "40, true", "31, false", "33, false"})
    void projectionsAreThoseOfALoop(int k, boolean centered) {
        List<Row> projected = model.cut(k).setCentered(centered).transform(rows).orderBy("id").collectAsList();
        assertThat(projected).hasSize(N);
        for (int i = 0; i < N; i++) {
            Vector vector = projected.get(i).getAs("pca");
            if (isNull(i)) {
                assertThat(vector).isNull();
            } else {
                assertThat(vector.toArray()).containsExactly(loop(i, k, centered), within(1e-12));
            }
        }
    }

    private static double[] loop(int i, int k, boolean centered) {
        double[] projection = new double[k];
        for (int c = 0; c < k; c++) {
            for (int j = 0; j < D; j++) {
                projection[c] += (DATA[i][j] - (centered ? model.mean()[j] : 0)) * model.spectrum().components()[c * D + j];
            }
        }
        return projection;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 33})
    void otherColumnsAreUntouched(int k) {
        Dataset<Row> projected = model.cut(k).transform(rows);
        assertThat(projected.columns()).containsExactly("id", "features", "tags", "place", "pca");
        assertThat(projected.drop("pca").schema()).isEqualTo(rows.schema());
        assertThat(projected.drop("pca").orderBy("id").collectAsList()).isEqualTo(rows.orderBy("id").collectAsList());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 31, 32, 33})
    void theColumnTellsItsSizeAndThatItMayBeNull(int k) {
        Dataset<Row> projected = model.cut(k).transform(rows);
        assertThat(AttributeGroup.fromStructField(projected.schema().apply("pca")).size()).isEqualTo(k);
        assertThat(projected.schema().apply("pca").nullable()).isTrue();
        assertThat(model.cut(k).transformSchema(rows.schema()).apply("pca").metadata())
                .isEqualTo(projected.schema().apply("pca").metadata());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 33})
    void rowsKnowTheirSchemaWhereverTheyComeOut(int k) {
        Dataset<Row> projected = model.cut(k).transform(rows);
        Row last = projected.collectAsList().get(N - 1);
        assertThat(last.<Vector>getAs("pca").size()).isEqualTo(k);
        assertThat(last.<Long>getAs("id")).isEqualTo(N - 1);
        assertThat(last.getStruct(last.fieldIndex("place")).<String>getAs("name")).isEqualTo("é" + (N - 1));
        assertThat(projected.javaRDD().filter(row -> row.getAs("pca") != null)
                .map(row -> row.<Vector>getAs("pca").size() + (int) (row.<Long>getAs("id") * 0)).distinct().collect())
                .containsExactly(k);
        assertThat(projected.javaRDD().filter(row -> row.getAs("pca") == null).map(row -> row.<Long>getAs("id")).count())
                .isEqualTo(343);
        assertThat(projected.filter("pca is not null")
                .map((MapFunction<Row, Integer>) row -> row.<Vector>getAs("pca").size(), Encoders.INT())
                .distinct().collectAsList()).containsExactly(k);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 33})
    void partitionsWithoutRowsDoNoHarm(int k) {
        assertThat(model.cut(k).transform(rows.repartition(7).filter("id = 3 or id = 598 or id = 599")).count()).isEqualTo(3);
        Dataset<Row> none = model.cut(k).transform(rows.filter("id < 0"));
        assertThat(none.collectAsList()).isEmpty();
        assertThat(model.cut(k).transform(rows).limit(301).collectAsList()).hasSize(301);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 33})
    void rowsThatStreamAreProjected(int k, @TempDir Path folder) throws Exception {
        String input = folder.resolve("in").toString();
        rows.write().parquet(input);
        Dataset<Row> stream = LocalSpark.session().readStream().schema(rows.schema()).parquet(input);
        StreamingQuery query = model.cut(k).transform(stream).writeStream()
                .format("memory").queryName("projected" + k).outputMode("append")
                .option("checkpointLocation", folder.resolve("checkpoint").toString()).start();
        try {
            query.processAllAvailable();
            List<Row> projected = LocalSpark.session().table("projected" + k).orderBy("id").collectAsList();
            List<Row> expected = model.cut(k).transform(rows).orderBy("id").collectAsList();
            assertThat(projected).hasSameSizeAs(expected);
            for (int i = 0; i < expected.size(); i++) {
                Vector vector = expected.get(i).getAs("pca");
                assertThat(projected.get(i).<Object>getAs("id")).isEqualTo(expected.get(i).getAs("id"));
                if (vector == null) {
                    assertThat(projected.get(i).<Vector>getAs("pca")).isNull();
                } else {
                    assertThat(projected.get(i).<Vector>getAs("pca").toArray())
                            .containsExactly(vector.toArray(), within(1e-12));
                }
            }
        } finally {
            query.stop();
        }
    }

    @Test
    void withAllComponentsTheRowComesBack() {
        for (boolean centered : new boolean[] {true, false}) {
            PrincipalComponentsModel all = model.cut(D).setCentered(centered);
            for (int i : new int[] {0, 17, N - 1}) {
                assertThat(all.reconstruct(Vectors.dense(loop(i, D, centered))).toArray())
                        .containsExactly(DATA[i], within(1e-10));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void withFewerComponentsTheOrthogonalProjectionComesBack(boolean centered) {
        PrincipalComponentsModel three = model.cut(3).setCentered(centered);
        double[] features = three.reconstruct(Vectors.dense(loop(5, 3, centered))).toArray();
        double[] left = new double[D];
        for (int j = 0; j < D; j++) {
            left[j] = DATA[5][j] - features[j];
        }
        // What is left is at right angles to what is kept, and is what the others hold.
        double squared = 0;
        for (int c = 0; c < D; c++) {
            double along = 0;
            for (int j = 0; j < D; j++) {
                along += left[j] * model.spectrum().components()[c * D + j];
            }
            squared += along * along;
            assertThat(along).isCloseTo(c < 3 ? 0 : loop(5, D, centered)[c], within(1e-10));
        }
        assertThat(squared).isCloseTo(Arrays.stream(left).map(v -> v * v).sum(), within(1e-10));
    }

    @Test
    void aProjectionOfAnotherSizeIsRefused() {
        assertThatThrownBy(() -> model.cut(3).reconstruct(Vectors.dense(1, 2))).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A projection of 2 values: this model has k = 3.");
    }
}
