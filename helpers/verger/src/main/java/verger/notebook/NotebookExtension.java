package verger.notebook;

import java.awt.image.BufferedImage;
import java.util.Base64;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.RenderContext;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import org.knowm.xchart.internal.chartpart.Chart;
import verger.charts.Png;

/**
 * Teaches the Java kernel to show DataFrames as tables and charts as pictures, to take SQL in a cell that begins with
 * {@code %%sql}, to let executors run what cells define, to cancel Spark jobs when a cell is interrupted, and to end with the
 * process that started it; the kernel finds it on the class path.
 */
public final class NotebookExtension implements Extension {

    /** Pixels at which a picture still fits beside a notebook's margins; a wider one is shown smaller, not cut. */
    private static final int MAX_WIDTH = 1000;

    @Override
    public void install(BaseKernel kernel) {
        ParentWatch.start();
        CellInterrupts.cancelSparkJobs(kernel, CellClasses.serve(kernel));
        kernel.getMagicsRegistry().registerCellMagic(SqlMagic.NAME, new SqlMagic());
        Renderer renderer = kernel.getRenderer();
        renderer.createRegistration(Dataset.class)
                .preferring(MIMEType.TEXT_HTML)
                .supporting(MIMEType.TEXT_PLAIN)
                .register((dataset, context) -> renderTable(DatasetTable.of(((Dataset<?>) dataset).toDF()), context));
        renderer.createRegistration(DatasetTable.class)
                .preferring(MIMEType.TEXT_HTML)
                .supporting(MIMEType.TEXT_PLAIN)
                .register(NotebookExtension::renderTable);
        renderer.createRegistration(Chart.class)
                .preferring(MIMEType.IMAGE_PNG)
                .register((chart, context) -> renderPng(Png.of((Chart<?, ?>) chart), chart.getWidth(), context));
        renderer.createRegistration(BufferedImage.class)
                .preferring(MIMEType.IMAGE_PNG)
                .register((image, context) -> renderPng(Png.of(image), image.getWidth(), context));
        renderer.createRegistration(double[].class)
                .preferring(MIMEType.TEXT_PLAIN)
                .register((array, context) -> context.renderIfRequested(
                        MIMEType.TEXT_PLAIN, () -> DatasetTable.list(array.length, i -> array[i])));
    }

    private static void renderTable(DatasetTable table, RenderContext context) {
        context.renderIfRequested(MIMEType.TEXT_HTML, table::html);
        context.renderIfRequested(MIMEType.TEXT_PLAIN, table::text);
    }

    private static void renderPng(byte[] png, int width, RenderContext context) {
        context.renderIfRequested(MIMEType.IMAGE_PNG, (type, out) ->
                out.putData(type, Base64.getEncoder().encodeToString(png), Map.of("width", Math.min(width, MAX_WIDTH))));
    }
}
