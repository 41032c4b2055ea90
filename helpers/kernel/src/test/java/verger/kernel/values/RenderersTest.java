package verger.kernel.values;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.display.common.Text;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import org.junit.jupiter.api.Test;
import verger.features.ImageFeaturizer;
import verger.kernel.TestSpark;

class RenderersTest {

    private final Renderer renderer = Renderers.all();

    RenderersTest() {
        Text.registerAll(renderer); // as the kernel does
    }

    @Test
    void showsArraysAsTextAlone() {
        DisplayData shown = renderer.render(TestSpark.session().range(3).columns());

        assertThat(shown.getData(MIMEType.TEXT_PLAIN)).isEqualTo("[id]");
        assertThat(shown.hasDataForType(MIMEType.TEXT_HTML)).isFalse();
        assertThat(renderer.render("<b>").getData(MIMEType.TEXT_PLAIN)).isEqualTo("<b>");
    }

    @Test
    void showsTakenRowsAsATable() {
        Object rows = TestSpark.session().range(3).toDF().take(2);

        assertThat(text(rows)).isEqualTo("id\n0\n1\n(2 rows)");
        assertThat(html(rows)).contains("<td>1</td>");
        assertThat(text(TestSpark.session().range(3).toDF().first())).isEqualTo("{id=0}");
    }

    @Test
    void showsTheParamsOfAStageThatAreSet() {
        ImageFeaturizer featurizer = new ImageFeaturizer("images_1").setNetwork("auto").setOutputCol("<features>");

        assertThat(text(featurizer)).isEqualTo("ImageFeaturizer images_1\n  network = auto\n  outputCol = <features>");
        assertThat(html(featurizer)).contains("<th>outputCol</th>", ">&lt;features&gt;<").doesNotContain("<features>",
                "inputCol");
        assertThat(text(new StringIndexer("indexer_1"))).startsWith("StringIndexer indexer_1\n  no param is set");
    }

    @Test
    void showsTheStagesOfAPipeline() {
        Pipeline pipeline = new Pipeline("all").setStages(new PipelineStage[] {new StringIndexer().setInputCol("label"),
            new VectorAssembler().setInputCols(new String[] {"a", "b"})});

        assertThat(text(pipeline))
                .isEqualTo("Pipeline all\n  stages = [StringIndexer(inputCol=label), VectorAssembler(inputCols=[a, b])]");
        assertThat(text(List.of(new StringIndexer("i")))).isEqualTo("[StringIndexer()]");
    }

    @Test
    void showsWhatASessionIs() {
        String text = text(TestSpark.session());

        assertThat(text).isEqualTo("SparkSession\n  version: 3.5.5\n  master: local[2]\n  application: verger-kernel-tests ("
                + TestSpark.session().sparkContext().applicationId() + ")\n  UI: switched off (spark.ui.enabled)");
        assertThat(html(TestSpark.session())).contains("<th>master</th>", ">local[2]<");
        assertThat(text(TestSpark.session().sparkContext())).startsWith("SparkContext\n  version: 3.5.5");
    }

    @Test
    void showsAsManyRowsOrElementsAsAreAskedFor() {
        Object rows = TestSpark.session().range(300);

        assertThat(Renderers.render(renderer, rows, 200).getData(MIMEType.TEXT_PLAIN).toString())
                .contains("\n199\n").doesNotContain("\n200\n").endsWith("(200 of 300 rows)");
        assertThat(Renderers.render(renderer, new int[300], 200).getData(MIMEType.TEXT_PLAIN).toString())
                .endsWith(", … 300 in all]").hasSize(1 + 200 * 3 + "… 300 in all]".length());
        assertThatThrownBy(() -> Renderers.render(renderer, rows, 0)).hasMessageContaining("at least 1")
                .hasMessageContaining("got 0");
    }

    @Test
    void doesNotReadAStreamOfRows() {
        Object stream = TestSpark.session().readStream().format("rate").load();

        assertThat(text(stream)).startsWith("a stream of\nroot\n |-- timestamp: timestamp").contains("writeStream()");
    }

    private String text(Object value) {
        return renderer.render(value).getData(MIMEType.TEXT_PLAIN).toString();
    }

    private String html(Object value) {
        return renderer.render(value).getData(MIMEType.TEXT_HTML).toString();
    }
}
