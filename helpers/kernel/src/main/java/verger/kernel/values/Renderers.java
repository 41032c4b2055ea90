package verger.kernel.values;

import java.awt.image.BufferedImage;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.RenderContext;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import org.knowm.xchart.internal.chartpart.Chart;
import verger.charts.Png;

/** How the kernel shows values: DataFrames as tables, charts and images as pictures, all else as a text of what it holds. */
public final class Renderers {

    /** Pixels at which a picture still fits beside a notebook's margins; a wider one is shown smaller, not cut. */
    private static final int MAX_WIDTH = 1000;

    /** The parameter of a rendering that says how many rows or elements are shown. */
    private static final String MOST = "verger.most";

    private Renderers() {
    }

    /** All of them; those of the kernel's own classes are added where it starts. */
    public static Renderer all() {
        Renderer renderer = new Renderer();
        tables(renderer);
        pictures(renderer);
        renderer.createRegistration(Params.class)
                .preferring(MIMEType.TEXT_HTML, MIMEType.TEXT_PLAIN)
                .register((stage, context) -> render(() -> StageText.html(stage), () -> StageText.text(stage), context));
        session(renderer, SparkSession.class, SparkSession::sparkContext);
        session(renderer, SparkContext.class, context -> context);
        session(renderer, JavaSparkContext.class, JavaSparkContext::sc);
        renderer.createRegistration(Object.class) // what no other class has taken
                .preferring(MIMEType.TEXT_HTML, MIMEType.TEXT_PLAIN)
                .register(Renderers::renderAny);
        return renderer;
    }

    /**
     * Renders a value with so many rows or elements.
     *
     * @throws IllegalArgumentException if most is less than 1
     */
    static DisplayData render(Renderer renderer, Object value, int most) {
        if (most < 1) {
            throw new IllegalArgumentException("display shows at least 1 row or element: got " + most);
        }
        return renderer.render(value, new HashMap<>(Map.of(MOST, most)));
    }

    private static void tables(Renderer renderer) {
        renderer.createRegistration(Dataset.class)
                .preferring(MIMEType.TEXT_HTML, MIMEType.TEXT_PLAIN)
                .register((dataset, context) -> renderDataset((Dataset<?>) dataset, context));
        renderer.createRegistration(DatasetTable.class)
                .preferring(MIMEType.TEXT_HTML, MIMEType.TEXT_PLAIN)
                .register(Renderers::renderTable);
    }

    private static void pictures(Renderer renderer) {
        renderer.createRegistration(Chart.class)
                .preferring(MIMEType.IMAGE_PNG)
                .register((chart, context) -> renderPng(Png.of((Chart<?, ?>) chart), chart.getWidth(), context));
        renderer.createRegistration(BufferedImage.class)
                .preferring(MIMEType.IMAGE_PNG)
                .register((image, context) -> renderPng(Png.of(image), image.getWidth(), context));
    }

    private static <T> void session(Renderer renderer, Class<T> type, java.util.function.Function<T, SparkContext> contextOf) {
        String title = type.getSimpleName();
        renderer.createRegistration(type)
                .preferring(MIMEType.TEXT_HTML, MIMEType.TEXT_PLAIN)
                .register((session, context) -> render(() -> SessionText.html(title, contextOf.apply(session)),
                        () -> SessionText.text(title, contextOf.apply(session)), context));
    }

    private static void renderDataset(Dataset<?> dataset, RenderContext context) {
        if (dataset.isStreaming()) { // its rows exist only where a query writes them
            context.renderIfRequested(MIMEType.TEXT_PLAIN, () -> "a stream of\n" + ValueText.of(dataset.schema())
                    + "\nwriteStream() starts a query that writes its rows");
            return;
        }
        renderTable(DatasetTable.of(dataset.toDF(), most(context).orElse(DatasetTable.MAX_ROWS)), context);
    }

    private static void renderTable(DatasetTable table, RenderContext context) {
        render(table::html, table::text, context);
    }

    private static void renderAny(Object value, RenderContext context) {
        Optional<DatasetTable> table = DatasetTable.ofRows(value, most(context).orElse(DatasetTable.MAX_ROWS));
        if (table.isPresent()) {
            renderTable(table.get(), context);
        } else {
            context.renderIfRequested(MIMEType.TEXT_PLAIN,
                    () -> most(context).map(most -> ValueText.of(value, most)).orElseGet(() -> ValueText.of(value)));
        }
    }

    private static Optional<Integer> most(RenderContext context) {
        return Optional.ofNullable(context.getParameterAsInt(MOST));
    }

    private static void render(Supplier<Object> html, Supplier<Object> text, RenderContext context) {
        context.renderIfRequested(MIMEType.TEXT_HTML, html);
        context.renderIfRequested(MIMEType.TEXT_PLAIN, text);
    }

    private static void renderPng(byte[] png, int width, RenderContext context) {
        context.renderIfRequested(MIMEType.IMAGE_PNG, (type, out) -> out.putData(type, Base64.getEncoder().encodeToString(png),
                Map.of("width", Math.min(width, MAX_WIDTH))));
    }
}
