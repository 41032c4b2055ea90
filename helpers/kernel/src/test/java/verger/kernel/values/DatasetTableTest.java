package verger.kernel.values;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import verger.kernel.TestSpark;

class DatasetTableTest {

    @Test
    void showsTheFirstRowsAndSaysThatThereAreMore() {
        Dataset<Row> numbers = TestSpark.session().range(21).toDF();

        String html = DatasetTable.of(numbers).html();

        assertThat(html).contains("<th title=\"bigint\">id</th>", "<td>19</td>", "20 of 21 rows").doesNotContain("<td>20</td>");
        assertThat(DatasetTable.of(numbers.filter("id >= 0")).html()).contains("the first 20 rows");
        assertThat(DatasetTable.of(numbers, 21).html()).contains("<td>20</td>", ">21 rows<");
        assertThat(DatasetTable.of(numbers.limit(1)).html()).contains("1 row<");
    }

    @Test
    void abbreviatesVectorsBytesAndLongText() {
        Row row = RowFactory.create(
                Vectors.dense(1.23456, 2, 3, 4, 5), Vectors.dense(0.5), new byte[4612], "x".repeat(100), null);
        StructType schema = new StructType()
                .add("features", SQLDataTypes.VectorType()).add("small", SQLDataTypes.VectorType())
                .add("content", DataTypes.BinaryType).add("text", DataTypes.StringType).add("reason", DataTypes.StringType);

        String text = DatasetTable.of(TestSpark.session().createDataFrame(List.of(row), schema)).text();

        assertThat(text).contains(
                "[1.2346, 2.0000, 3.0000, 4.0000, … 5 in all] | [0.50000] | 4,612 bytes | " + "x".repeat(79) + "… | null");
    }

    @Test
    void showsNumbersAndArraysInFewDigits() {
        Dataset<Row> arrays = TestSpark.session().sql("select array(1.5D, -0.001234567D) as pca, 0.1D as share, 12 as k");

        assertThat(DatasetTable.of(arrays).text()).contains("[1.5000, -0.0012346] | 0.10000 | 12");
    }

    @Test
    void showsStructsAndSmallPictures() throws IOException {
        Dataset<Row> picture = TestSpark.session().createDataFrame(
                List.of(RowFactory.create(jpeg(20, Color.RED), new byte[] {(byte) 0xFF, (byte) 0xD8})),
                new StructType().add("thumbnail", DataTypes.BinaryType).add("stub", DataTypes.BinaryType))
                .selectExpr("thumbnail", "stub", "array(named_struct('index', 954, 'name', 'banana')) as seen");
        DatasetTable table = DatasetTable.of(picture);

        assertThat(table.text()).containsPattern("\\d+ bytes \\| 2 bytes \\| \\[\\{index=954, name=banana\\}]");
        assertThat(table.html()).contains("<td><img src=\"data:image/jpeg;base64,/9j/", "<td>2 bytes</td>");
    }

    @Test
    void showsRowsThatWereTakenAsATable() {
        Dataset<Row> fruits =
                TestSpark.session().sql("select * from values ('Banana', 1), ('Kiwi', 2), ('Fig', 3) as t(label, k)");

        assertThat(DatasetTable.ofRows(fruits.takeAsList(2).toArray(), 20).map(DatasetTable::text))
                .contains("label | k\nBanana | 1\nKiwi | 2\n(2 rows)");
        assertThat(DatasetTable.ofRows(fruits.collectAsList(), 2).map(DatasetTable::text))
                .hasValueSatisfying(text -> assertThat(text).endsWith("Kiwi | 2\n(2 of 3 rows)"));
        assertThat(DatasetTable.ofRows(List.of(fruits.first(), fruits.select("k").first()), 20)).isEmpty();
        assertThat(DatasetTable.ofRows(List.of("Banana"), 20)).isEmpty();
    }

    @Test
    void escapesWhatHtmlWouldTakeForMarkup() {
        Dataset<Row> evil = TestSpark.session().sql("select '<b>&\"' as `a<b`");

        assertThat(DatasetTable.of(evil).html()).contains("a&lt;b</th>", ">&lt;b&gt;&amp;&quot;</td>");
    }

    private static byte[] jpeg(int size, Color color) throws IOException {
        BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
        image.createGraphics().setColor(color);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "jpeg", bytes);
        return bytes.toByteArray();
    }
}
