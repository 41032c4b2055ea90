package verger.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.apache.spark.ml.functions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import verger.Settings;
import verger.TestSpark;
import verger.features.ImageFeaturizer;
import verger.features.ImagePredictor;
import verger.features.ImagesSeen;
import verger.images.Images;
import verger.images.TestImages;

/** On the sample's pictures, with the real weights of EfficientNet-Lite0. */
class ImageFunctionsTest {

    private static final String NETWORK = "'EfficientNet-Lite0'";

    private static SparkSession spark;

    @BeforeAll
    static void registerOnASessionOfItsOwn() {
        spark = TestSpark.session().newSession();
        ImageFunctions.register(spark);
        ImageFunctions.register(spark);
        Images.reader(spark).limit(12).read(Settings.home().resolve("data-sample/Test").toString())
                .createOrReplaceTempView("images");
        spark.createDataFrame(List.of(
                RowFactory.create("good", TestImages.jpeg(100, Color.RED)),
                RowFactory.create("null", null),
                RowFactory.create("empty", new byte[0]),
                RowFactory.create("text", "no image".getBytes(StandardCharsets.US_ASCII))),
                new StructType().add("origin", DataTypes.StringType).add("content", DataTypes.BinaryType))
                .createOrReplaceTempView("mixed");
    }

    @Test
    void predictsAsTheStageDoes() {
        List<Row> stage = new ImagePredictor().setNetwork("EfficientNet-Lite0").setTopK(3).setBatchSize(1)
                .transform(spark.table("images")).select("origin", "predictions").orderBy("origin").collectAsList();

        assertThat(rows("select origin, image_predict(content, 3, " + NETWORK + ") from images order by origin"))
                .isEqualTo(stage);
    }

    @Test
    void givesTheFeaturesThatTheStageGives() {
        Dataset<Row> stage = new ImageFeaturizer().setNetwork("EfficientNet-Lite0").setBatchSize(1)
                .transform(spark.table("images"));

        assertThat(rows("select origin, image_features(content, " + NETWORK + ") from images order by origin")).isEqualTo(
                stage.select(stage.col("origin"), functions.vector_to_array(stage.col("features"), "float32"))
                        .orderBy("origin").collectAsList());
    }

    @Test
    void typesAreKnownBeforeAnythingRuns() {
        assertThat(spark.sql("select image_features(content, " + NETWORK + ") f, image_predict(content, null, " + NETWORK
                + ") p, image_size(content) s, "
                + "image_thumbnail(content, 9) t, image_reason(content) r, image_label(origin) l from images").schema()
                .simpleString())
                .isEqualTo("struct<f:array<float>,p:array<struct<index:int,name:string,probability:float>>,"
                        + "s:struct<width:int,height:int>,t:binary,r:string,l:string>");
    }

    @Test
    void anImageThatCannotBeUsedIsNullWithAReason() {
        List<Row> rows = rows("select origin, image_features(content, " + NETWORK + ") is null, image_predict(content, 5, "
                + NETWORK
                + ") is null, image_size(content) is null, image_thumbnail(content, 9) is null, image_reason(content) from "
                + "mixed");

        assertThat(rows).containsExactly(
                RowFactory.create("good", false, false, false, false, null),
                RowFactory.create("null", true, true, true, true,
                        "no content: the file was deleted after it was listed, or may not be read"),
                RowFactory.create("empty", true, true, true, true, "empty file (0 bytes)"),
                RowFactory.create("text", true, true, true, true, "not an image: none of JPEG, PNG, GIF, BMP, TIFF, WebP"));
        assertThat(rows("select image_size(null), image_predict(null, 1, " + NETWORK + ")"))
                .containsExactly(RowFactory.create(null, null));
    }

    @Test
    void countsPerClassByWhatIsSeen() {
        List<Row> rows = rows("select image_label(origin) label, image_predict(content, 1, " + NETWORK
                + ")[0].name seen, count(*) n "
                + "from images group by image_label(origin), image_predict(content, 1, " + NETWORK + ")[0].name");

        assertThat(rows).extracting(row -> row.getString(0)).contains("Banana", "Lemon").hasSize(12);
        assertThat(rows).contains(RowFactory.create("Banana", "banana", 1L), RowFactory.create("Lemon", "lemon", 1L));
    }

    @Test
    void worksInViewsAndExpressions(@TempDir Path folder) {
        spark.sql("create or replace temp view seen as select label, image_predict(content, 1, " + NETWORK
                + ")[0].name seen from images");
        spark.table("images").createOrReplaceGlobalTempView("images");
        spark.sql("create or replace global temp view seen as select label, image_predict(content, 1, " + NETWORK
                + ")[0].name seen from global_temp.images");
        spark.table("images").write().parquet(folder + "/images");
        spark.sql("create or replace view lasting as select label, image_predict(content, 1, " + NETWORK
                + ")[0].name seen from parquet.`" + folder + "/images`");
        Row banana = RowFactory.create("Banana", "banana");

        assertThat(rows("select * from seen where label = 'Banana'")).containsExactly(banana);
        assertThat(rows("select * from global_temp.seen where seen = 'banana'")).containsExactly(banana);
        assertThat(rows("select * from lasting where label = 'Banana'")).containsExactly(banana);
        SparkSession later = spark.newSession();
        assertThat(later.sql("select * from lasting where label = 'Banana'").collectAsList()).containsExactly(banana);
        assertThat(spark.table("images").filter("label = 'Banana'")
                .selectExpr("label", "image_predict(content, 1, " + NETWORK + ")[0].name").collectAsList())
                .containsExactly(banana);
        spark.sql("drop view lasting");
    }

    @Test
    void anyOnnxModelTakesTheNetworksPlace(@TempDir Path folder) throws IOException {
        Path exported = Path.of(new ImageFeaturizer().setNetwork("EfficientNet-Lite0").choice().model());
        Path model = Files.copy(exported, folder.resolve("lite.onnx"));
        Files.writeString(folder.resolve("lite.json"), "{\"mean\": 127, \"scale\": 128, \"classes\": \"imagenet\"}");
        Path other = Files.copy(exported, folder.resolve("other.onnx"));
        Files.writeString(folder.resolve("other.json"), "{\"mean\": 0, \"scale\": 255}");

        assertThat(rows("select image_predict(content, 1, '" + model + "')[0].name seen, count(*) n from images where label = "
                + "'Lemon' group by image_predict(content, 1, '" + model + "')[0].name"))
                .containsExactly(RowFactory.create("lemon", 1L));
        assertThat(rows("select f = image_features(content, " + NETWORK + "), f = image_features(content, '" + other
                + "') from (select content, image_features(content, '" + model + "') f from images where label = 'Lemon')"))
                .containsExactly(RowFactory.create(true, false));
        assertThatThrownBy(() -> rows("select image_features(content, '" + model + "', 'x.h5') from images"))
                .hasMessageStartingWith("A model has its weights within: model=" + model + " and weights=x.h5");
    }

    @Test
    void anImageGoesThroughTheNetworkOnceForAFilterAndForWhatIsShown() {
        long before = ImagesSeen.count(spark);

        List<Row> rows = rows("select p[0].probability, image_predict(content, 5, " + NETWORK
                + ") from (select content, image_predict("
                + "content, 1, " + NETWORK + ") p from images) where p[0].name in ('banana', 'lemon')");

        assertThat(rows).hasSize(2);
        assertThat(ImagesSeen.count(spark) - before).isEqualTo(12);
    }

    @Test
    void sizesAreThoseOfThePictureAsTheCameraWasHeld() {
        assertThat(rows("select distinct image_size(content).width, image_size(content).height from images"))
                .containsExactly(RowFactory.create(100, 100));
    }

    @Test
    void thumbnailsKeepTheShapeAndAreNotEnlarged() throws IOException {
        byte[] wide = TestImages.encode(new BufferedImage(300, 120, BufferedImage.TYPE_INT_RGB), "png");
        Dataset<Row> images = spark.createDataFrame(List.of(RowFactory.create((Object) wide)),
                new StructType().add("content", DataTypes.BinaryType));

        Row row = images.selectExpr("image_thumbnail(content, 50)", "image_thumbnail(content, 900)").first();

        var small = ImageIO.read(new ByteArrayInputStream(row.getAs(0)));
        assertThat(small.getWidth()).isEqualTo(50);
        assertThat(small.getHeight()).isEqualTo(20);
        assertThat(ImageIO.read(new ByteArrayInputStream(row.getAs(1))).getWidth()).isEqualTo(300);
        assertThat((byte[]) row.getAs(0)).startsWith(0xFF, 0xD8);
    }

    @Test
    void labelsAreThoseOfTheReader() {
        assertThat(rows("select count(*) from images where image_label(origin) <=> label"))
                .containsExactly(RowFactory.create(12L));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "image_predict(origin)                    | image_predict: images.origin must be binary, whole image files, as the "
                + "column content of Images.read or Spark's binaryFile: it is string",
        "image_predict(content, length)           | image_predict: k must be a constant of type int: images.length is none",
        "image_predict(content, '3')              | image_predict: k must be a constant of type int: '3' is of type string",
        "image_predict(content, 1, 'VGG99')       | Unknown network 'VGG99': known are",
        "image_predict(content, 1, null, '/none.pth') | EfficientNet-Lite0 weights not found: weights=/none.pth (no such "
                + "local file)",
        "image_predict()                          | image_predict takes (content [, k [, network [, weights]]]): got 0 "
                + "arguments",
        "image_size(content, 1)                   | image_size takes (content): got 2 arguments",
        "image_predict(content, 0)                | image_predict: k must be 1 at least: got 0",
        "image_thumbnail(content, -1)             | image_thumbnail: px must be 1 at least: got -1",
        "image_thumbnail(content, null)           | image_thumbnail: px must be 1 at least: got null",
        "image_label(content)                     | image_label: images.content must be string: it is binary"})
    void mistakesFailBeforeTheQueryRuns(String call, String message) {
        assertThatThrownBy(() -> spark.sql("select " + call + " from images")).hasMessageStartingWith(message);
    }

    @Test
    void describeFunctionShowsTheArguments() {
        assertThat(rows("describe function image_predict").stream().map(row -> row.getString(0))
                .collect(Collectors.joining("\n")))
                .contains("image_predict(content [, k [, network [, weights]]])");
    }

    private static List<Row> rows(String query) {
        return spark.sql(query).collectAsList();
    }
}
