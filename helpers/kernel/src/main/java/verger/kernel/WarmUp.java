package verger.kernel;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import verger.kernel.cells.Statement;
import verger.kernel.channels.CellOutput;

/**
 * Does what a notebook does first, and ends: the set-up runs it with {@code -XX:ArchiveClassesAtExit}, and kernels begin with the
 * classes that it has loaded (class data sharing, JEP 350).
 */
public final class WarmUp {

    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

    private static final List<String> CELLS = List.of(
            "SparkSession spark = SparkSession.builder().getOrCreate();",
            "spark.range(1000).selectExpr(\"sum(id)\", \"avg(id)\").collectAsList();",
            """
            Dataset<Row> images = new ImageFeaturizer().setNetwork("EfficientNet-Lite0")
                    .transform(Images.reader(spark).limit(4).read(Project.path("data-sample"))).cache();
            """,
            "images.groupBy(\"label\").count().orderBy(\"label\")",
            "PrincipalComponentsModel model = new PrincipalComponents().setInputCol(\"features\").setOutputCol(\"pca\").setK(2).fit(images);",
            "Charts.explainedVariance(model, 0.5)",
            "images.select(\"nosuch\")",
            "int nosuch = \"nosuch\";",
            "spark.stop();");

    private WarmUp() {
    }

    /** Takes no arguments. */
    public static void main(String[] arguments) {
        VergerKernel kernel = KernelMain.started(new CellOutput(false, Statement::isInterrupted));
        for (String cell : CELLS) {
            try {
                kernel.evalBuilder(cell).resolveMagics().renderResults().eval();
            } catch (RuntimeException e) {
                LOG.debug("Not warmed up: {}", cell, e); // two of them are mistakes on purpose
            }
        }
        System.exit(0);
    }
}
