package verger.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import verger.pca.LocalSpark;
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
        images = LocalSpark.session().createDataFrame(rows, schema).repartition(5);
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
    void aMissingColumnIsNamed() {
        assertThatThrownBy(() -> Charts.projection(model.transform(images.drop("label")), model, null)).hasMessage(
                "Column \"label\" not found: the chart reads it, and the columns are content, features, pca.");
        assertThatThrownBy(() -> Charts.projection(images, model, null)).hasMessageContaining("Column \"pca\" not found");
        assertThatThrownBy(() -> Charts.projection(model.cut(1).transform(images), model.cut(1), null))
                .hasMessageContaining("two components: got 1");
    }
}
