package verger.stages;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import verger.TestSpark;
import verger.images.Images;

/**
 * Pipelines of every public stage that version 0.1.0 saved, before its classes moved, still load and give what they gave.
 *
 * <p>{@code resources/stages/pipeline-0.1.0} stays as it is: the pipeline, what it fitted on twelve pictures of the sample,
 * and what that made of them.
 */
class SavedPipelineTest {

    private static final SparkSession SPARK = TestSpark.session();

    @Test
    void aPipelineSavedByVersion010IsLoaded() throws Exception {
        assertThat(Pipeline.load(saved("pipeline")).getStages()).extracting(stage -> stage.getClass().getSimpleName())
                .containsExactly("ImageFeaturizer", "ImagePredictor", "PrincipalComponents");
    }

    @Test
    void whatItFittedGivesWhatItGave() throws Exception {
        List<String[]> expected = results();
        Dataset<Row> images = Images.read(SPARK, Path.of(System.getProperty("verger.home"),
                "data-sample/Test/{Apple Braeburn,Banana,Cherry 1,Eggplant}").toString())
                .where(col("origin").rlike("/[0-9]+_100.jpg$"));

        List<Row> rows = PipelineModel.load(saved("fitted")).transform(images)
                .select(col("origin"), col("pca"), expr("predictions[0].name"), col("why"), col("whyNot"))
                .orderBy("origin").collectAsList();

        assertThat(rows).hasSameSizeAs(expected);
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            String[] then = expected.get(i);
            assertThat(row.getString(0)).endsWith("/" + then[0]);
            double[] pca = row.<Vector>getAs(1).toArray();
            assertThat(pca).containsExactly(new double[] {Double.parseDouble(then[1]), Double.parseDouble(then[2]),
                Double.parseDouble(then[3])}, within(1e-4));
            assertThat(row.getString(2)).isEqualTo(then[4]);
            assertThat(row.isNullAt(3) && row.isNullAt(4)).isTrue();
        }
    }

    private static List<String[]> results() throws Exception {
        return Files.readAllLines(Path.of(saved("results.csv"))).stream().skip(1).map(line -> line.split(";")).toList();
    }

    private static String saved(String name) throws Exception {
        return Path.of(SavedPipelineTest.class.getResource("/stages/pipeline-0.1.0/" + name).toURI()).toString();
    }
}
