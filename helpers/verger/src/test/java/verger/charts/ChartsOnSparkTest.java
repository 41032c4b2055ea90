package verger.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.XYChart;
import verger.TestSpark;
import verger.images.Images;
import verger.images.TestImages;
import verger.pca.PrincipalComponents;
import verger.pca.PrincipalComponentsModel;

/** The Dataset form of each chart. */
class ChartsOnSparkTest {

    private static final Color[] COLORS = {new Color(200, 30, 30), new Color(30, 130, 30), new Color(30, 30, 200)};

    private static Dataset<Row> images;
    private static PrincipalComponentsModel model;

    @BeforeAll
    static void fit() {
        Random random = new Random(8);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            int c = i % 3;
            rows.add(RowFactory.create(c == 2 ? null : "classe é " + c, Pictures.file(COLORS[c], Color.WHITE),
                    i == 0 ? null : Vectors.dense(5 * c + random.nextGaussian(), c * c + random.nextGaussian(),
                            random.nextGaussian())));
        }
        StructType schema = new StructType().add("label", DataTypes.StringType).add("content", DataTypes.BinaryType)
                .add("features", SQLDataTypes.VectorType());
        images = TestSpark.session().createDataFrame(rows, schema).repartition(5);
        model = new PrincipalComponents().fit(images);
    }

    @Test
    void explainedVarianceReadsTheWholeSpectrum() {
        assertThat(Charts.explainedVariance(model, 0.95, null).getXAxisTitle()).isEqualTo("Principal component");
    }

    @Test
    void projectionReadsLabelAndPca() {
        HeadedChart chart = (HeadedChart) Charts.projection(model.transform(images), model, "Subtitle é");
        assertThat(chart.getSeriesMap()).containsOnlyKeys("classe é 0", "classe é 1", "(no label)");
        assertThat(chart.headerLines()).containsExactly("Projection on the first two principal components",
                "Subtitle é", "119 images of 3 classes. 1 without a projection left out.");
        assertThat(chart.getXAxisTitle()).isEqualTo(String.format(Locale.ROOT, "PC 1 (%.1f %%)",
                100 * model.explainedVariance()[0]));
    }

    @Test
    void anyTwoComponentsCanBeDrawn() {
        PrincipalComponentsModel three = model.cut(3);
        Dataset<Row> projected = three.transform(images.filter("label = 'classe é 1'"));

        XYChart chart = Charts.projection(projected, three, 3, 1, null);

        assertThat(((HeadedChart) chart).headerLines()).contains("Projection on components 3 and 1");
        assertThat(chart.getXAxisTitle()).startsWith("PC 3 (").contains(
                String.format(Locale.ROOT, "%.1f %%", 100 * model.explainedVariance()[2]));
        assertThat(chart.getYAxisTitle()).startsWith("PC 1 (");
        List<double[]> points = projected.select("pca").collectAsList().stream()
                .map(row -> row.<Vector>getAs(0).toArray()).toList();
        assertThat(chart.getSeriesMap().get("classe é 1").getXData())
                .containsExactlyInAnyOrder(points.stream().mapToDouble(point -> point[2]).toArray());
        assertThat(chart.getSeriesMap().get("classe é 1").getYData())
                .containsExactlyInAnyOrder(points.stream().mapToDouble(point -> point[0]).toArray());
    }

    @Test
    void componentsThatCannotBeDrawnAreRefused() {
        Dataset<Row> projected = model.transform(images);
        assertThatThrownBy(() -> Charts.projection(projected, model, 1, 3, null)).hasMessage(
                "A projection on components 1 and 3 needs k of 3 or more: got 2; cut or fit the PCA with that.");
        assertThatThrownBy(() -> Charts.projection(projected, model, 2, 2, null)).hasMessage(
                "A projection is drawn on two different components, counted from 1: got 2 and 2.");
        assertThatThrownBy(() -> Charts.projection(projected, model, 0, 1, null)).hasMessageContaining("counted from 1: got 0");
    }

    @Test
    void photographsReadContentToo() {
        HeadedChart chart = (HeadedChart) Charts.photoProjection(model.transform(images), model, null);
        BufferedImage image = Png.image(chart);
        for (Color color : COLORS) {
            assertThat(Pictures.count(image, color)).isGreaterThan(1000);
        }
    }

    @Test
    void aContactSheetNeedsNoProjection() {
        BufferedImage sheet = Charts.contactSheet(images.drop("features"), 4, null);
        for (Color color : COLORS) {
            assertThat(Pictures.count(sheet, color)).isGreaterThan(4 * 2000);
        }
    }

    @Test
    void aContactSheetReadsTheFilesItShows(@TempDir Path folder) {
        for (int i = 0; i < 200; i++) {
            TestImages.write(folder.resolve("class " + i % 2 + "/" + i + ".png"), Pictures.file(COLORS[i % 2], Color.WHITE));
        }
        LongAccumulator read = TestSpark.session().sparkContext().longAccumulator();
        UserDefinedFunction counted = functions.udf((UDF1<byte[], byte[]>) content -> {
            read.add(1);
            return content;
        }, DataTypes.BinaryType);
        Dataset<Row> files = Images.read(TestSpark.session(), folder.toString());
        Dataset<Row> lazy = files.withColumn("content", counted.apply(files.col("content")));

        BufferedImage sheet = Charts.contactSheet(lazy, 5, null);

        assertThat(read.value()).isEqualTo(10);
        assertThat(Pictures.count(sheet, COLORS[0])).isGreaterThan(5 * 2000);
        assertThat(Pictures.count(Charts.contactSheet(lazy.drop("origin"), 5, null), COLORS[1])).isGreaterThan(5 * 2000);
        assertThat(Pictures.count(Charts.contactSheet(files.persist(), 5, null), COLORS[1])).isGreaterThan(5 * 2000);
        files.unpersist();
    }

    @Test
    void aLargePhotographComesAsItsThumbnail(@TempDir Path folder) {
        BufferedImage noise = new BufferedImage(600, 600, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(1);
        for (int i = 0; i < 360_000; i++) {
            noise.setRGB(i % 600, i / 600, random.nextInt());
        }
        TestImages.write(folder.resolve("a/1.png"), TestImages.encode(noise, "png"));
        Dataset<Row> files = Images.read(TestSpark.session(), folder.toString());

        Sample sample = DatasetSampler.of(files, null, null, true, ContactSheet.limits(3));

        assertThat(Pictures.decoded(sample.items().get(0).content()).getWidth()).isEqualTo(200);
    }

    @Test
    void aMissingColumnIsNamed() {
        assertThatThrownBy(() -> Charts.projection(model.transform(images.drop("label")), model, null)).hasMessage(
                "Column \"label\" not found: the chart reads it, and the columns are content, features, pca.");
        assertThatThrownBy(() -> Charts.projection(images, model, null)).hasMessageContaining("Column \"pca\" not found");
        assertThatThrownBy(() -> Charts.projection(model.cut(1).transform(images), model.cut(1), null))
                .hasMessageContaining("components 1 and 2 needs k of 2 or more: got 1");
    }
}
