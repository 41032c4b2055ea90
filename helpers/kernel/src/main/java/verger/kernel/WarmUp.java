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

    /**
     * What a kernel runs while its classes are written down.
     *
     * @param fails whether it is a mistake on purpose, for the classes that say what a mistake is
     */
    record Step(String cell, boolean fails) {
    }

    private static final List<Step> STEPS = List.of(
            new Step("SparkSession spark = SparkSession.builder().getOrCreate();", false),
            new Step("spark.range(1000).selectExpr(\"sum(id)\", \"avg(id)\").collectAsList();", false),
            new Step("""
                    Dataset<Row> images = new ImageFeaturizer().setNetwork("EfficientNet-Lite0")
                            .transform(Images.reader(spark).limit(4).read(Project.path("data-sample"))).cache();
                    """, false),
            new Step("images.groupBy(\"label\").count().orderBy(\"label\")", false),
            new Step(
                    "PrincipalComponentsModel model = new PrincipalComponents().setInputCol(\"features\").setOutputCol(\"pca\")"
                            + ".setK(2).fit(images);",
                    false),
            new Step("Charts.explainedVariance(model, 0.5, \"\")", false),
            new Step("images.select(\"nosuch\")", true),
            new Step("int nosuch = \"nosuch\";", true),
            new Step("spark.stop();", false));

    private WarmUp() {
    }

    /** Takes no arguments. */
    public static void main(String[] arguments) {
        int code = 0;
        try {
            run(KernelMain.started(new CellOutput(false, Statement::isInterrupted)), STEPS);
        } catch (IllegalStateException e) {
            LOG.error("{}", e.getMessage(), e.getCause());
            code = 1;
        }
        System.exit(code); // Spark may have left threads
    }

    /** @throws IllegalStateException if a step fails that should not, or does not fail that should: its classes would be missing */
    static void run(VergerKernel kernel, List<Step> steps) {
        for (Step step : steps) {
            RuntimeException failure = failure(kernel, step.cell);
            if ((failure != null) != step.fails) {
                throw new IllegalStateException("The kernel could not be warmed up: " + step.cell.strip()
                        + (step.fails ? " does not fail" : " fails"), failure);
            }
            LOG.debug("Warmed up: {}", step.cell, failure);
        }
    }

    private static RuntimeException failure(VergerKernel kernel, String cell) {
        try {
            kernel.evalBuilder(cell).resolveMagics().renderResults().eval();
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }
}
