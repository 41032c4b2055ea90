package verger.charts;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.knowm.xchart.XYChart;
import verger.pca.PrincipalComponentsModel;
import verger.progress.Work;
import verger.tuning.Evaluation;
import verger.tuning.Tuned;

/**
 * Draws what was found of images: explained variance and projections of a PCA, what a classifier confuses, how a tuning went,
 * and the images themselves.
 *
 * <p>Most charts have two forms: of plain arrays and lists, and of a Dataset, of which it reads the columns {@code label}
 * (null is drawn as "(no label)"), the model's output column, {@code pca} by default, and {@code content}, the bytes of
 * the image file. Of a large Dataset only a sample, spread evenly over the classes, comes to the driver; the chart says
 * how many of how many. With a column {@code origin}, images are chosen by it and only the chosen files are read, in a
 * second pass: persist what is costly to compute. Of more than 1,000 classes those with the most images are shown. Images
 * without a finite projection, or without content where it is needed, are left out and counted. {@link Png} makes a file of
 * a chart.
 *
 * <p>The subtitle is free text under the title, such as which network made the features and why; of a long one three
 * lines are shown; null or blank is none.
 *
 * <p>Every method throws {@link IllegalStateException} if the host has no fonts, with what to install.
 */
public final class Charts {

    private static final String CONTACT_SHEET = "the contact sheet";
    private static final String PICTURES = "pictures";
    private static final String PROJECTION = "the projection";

    private Charts() {
    }

    /**
     * Does nothing if charts can be drawn on this host.
     *
     * @throws IllegalStateException if it has no fonts, with what to install
     */
    public static void requireFonts() {
        Fonts.require();
    }

    /**
     * How much of the variance the components explain, and how many are needed for a share of it.
     *
     * @param shares   share of the variance of each component, descending, in 0 … 1
     * @param share    the share to mark, such as 0.95
     * @param subtitle free text, or null
     */
    public static XYChart explainedVariance(double[] shares, double share, String subtitle) {
        return drawn("the explained variance", () -> new ExplainedVarianceChart(shares, share).chart(subtitle));
    }

    /** As {@link #explainedVariance(double[], double, String)}, of a fitted model's whole spectrum. */
    public static XYChart explainedVariance(PrincipalComponentsModel model, double share, String subtitle) {
        return explainedVariance(model.explainedVariance(), share, subtitle);
    }

    /**
     * The images as marks on the first two components, in a colour and a shape for each class.
     *
     * @param points   one row of two coordinates or more for each image; at most 10,000 are drawn
     * @param labels   the class of each image; may hold null
     * @param shares   share of the variance of each component, two at least, for the axis titles
     * @param subtitle free text, or null
     * @throws IllegalArgumentException if the lists differ in length, or a row or the shares have fewer than two values
     */
    public static XYChart projection(double[][] points, List<String> labels, double[] shares, String subtitle) {
        return drawn(PROJECTION, () -> {
            Axes.FIRST_TWO.check(shares.length);
            return new ProjectionChart(sample(points, labels, null, ProjectionChart.MOST_POINTS), shares, Axes.FIRST_TWO)
                    .marks(subtitle);
        });
    }

    /** As {@link #projection(double[][], List, double[], String)}, of rows that the model has transformed. */
    public static XYChart projection(Dataset<Row> projected, PrincipalComponentsModel model, String subtitle) {
        return projection(projected, model, Axes.FIRST_TWO, subtitle);
    }

    /**
     * As {@link #projection(Dataset, PrincipalComponentsModel, String)}, on any two of the model's components: what the
     * first two leave out.
     *
     * @param east  the component from left to right, 1 … k
     * @param north the component upwards, 1 … k
     * @throws IllegalArgumentException if the model's k is smaller, or both are the same
     */
    public static XYChart projection(Dataset<Row> projected, PrincipalComponentsModel model, int east, int north,
            String subtitle) {
        return projection(projected, model, new Axes(east, north), subtitle);
    }

    private static XYChart projection(Dataset<Row> projected, PrincipalComponentsModel model, Axes axes, String subtitle) {
        return drawn(PROJECTION, () -> {
            axes.check(model.getK());
            Sample sample = DatasetSampler.of(projected, model.getOutputCol(), axes, false, ProjectionChart.MOST_POINTS);
            return new ProjectionChart(sample, model.explainedVariance(), axes).marks(subtitle);
        });
    }

    /**
     * The photographs themselves on the first two components, their near-white background made transparent.
     *
     * @param points   one row of two coordinates or more for each image
     * @param labels   the class of each image; may hold null
     * @param contents bytes of the file of each image; may hold null; at most 300 are drawn
     * @param shares   share of the variance of each component, two at least, for the axis titles
     * @param subtitle free text, or null
     * @throws IllegalArgumentException if the lists differ in length, or a row or the shares have fewer than two values
     */
    public static XYChart photoProjection(double[][] points, List<String> labels, List<byte[]> contents, double[] shares,
            String subtitle) {
        return drawn(PROJECTION, () -> {
            Axes.FIRST_TWO.check(shares.length);
            Sample sample = sample(points, labels, contents, ProjectionChart.MOST_PHOTOGRAPHS);
            return new ProjectionChart(sample, shares, Axes.FIRST_TWO).photographs(subtitle);
        });
    }

    /** As {@link #photoProjection(double[][], List, List, double[], String)}, of rows that the model has transformed. */
    public static XYChart photoProjection(Dataset<Row> projected, PrincipalComponentsModel model, String subtitle) {
        return drawn(PROJECTION, () -> {
            Axes.FIRST_TWO.check(model.getK());
            Sample sample = DatasetSampler.of(projected, model.getOutputCol(), Axes.FIRST_TWO, true,
                    ProjectionChart.MOST_PHOTOGRAPHS);
            return new ProjectionChart(sample, model.explainedVariance(), Axes.FIRST_TWO).photographs(subtitle);
        });
    }

    /**
     * A few images of each class beside its name. The picture is 2200 pixels wide, for 1100 on a
     * page; with more than 200 images it is 1100, or its file would grow beyond a notebook. At most 2,000 images are shown:
     * of more classes than that allows, those with the most images.
     *
     * @param contents bytes of the file of each image; may hold null; one that cannot be decoded leaves a grey square
     * @param labels   the class of each image; may hold null
     * @param perClass images of each class, 1 … 12
     * @param subtitle free text, or null
     * @throws IllegalArgumentException if the lists differ in length, or {@code perClass} is out of range
     */
    public static BufferedImage contactSheet(List<byte[]> contents, List<String> labels, int perClass, String subtitle) {
        return drawn(CONTACT_SHEET, () -> {
            checkLengths(contents.size(), "contents", labels.size());
            Sample.Limits limits = ContactSheet.limits(perClass);
            List<Item> items = new ArrayList<>();
            for (int i = 0; i < contents.size(); i++) {
                if (contents.get(i) != null) {
                    items.add(new Item(Classes.nameOf(labels.get(i)), 0, 0, contents.get(i)));
                }
            }
            Sample sample = Sample.of(items, (long) contents.size() - items.size(), limits);
            return new ContactSheet(sample, perClass).image(subtitle);
        });
    }

    /** As {@link #contactSheet(List, List, int, String)}, of rows with the columns {@code label} and {@code content}. */
    public static BufferedImage contactSheet(Dataset<Row> images, int perClass, String subtitle) {
        return drawn(CONTACT_SHEET, () -> {
            Sample sample = DatasetSampler.of(images, null, null, true, ContactSheet.limits(perClass));
            return new ContactSheet(sample, perClass).image(subtitle);
        });
    }

    /**
     * Rows of pictures with captions, such as mistakes, or each image beside those most like it. The picture is 2200 pixels
     * wide, for 1100 on a page; with more than 200 images it is 1100. A row of more than ten goes on in the next line; the
     * first 300 pictures are drawn, and the note says of how many.
     *
     * @param title    in a few words
     * @param rows     the pictures of each row
     * @param subtitle free text, or null
     * @throws IllegalArgumentException if there is no picture
     */
    public static BufferedImage pictureGrid(String title, List<List<CaptionedPicture>> rows, String subtitle) {
        return drawn(PICTURES, () -> new PictureGrid(title, rows).image(subtitle));
    }

    /**
     * As {@link #pictureGrid(String, List, String)}, of two Datasets: what to show, and where the files are.
     *
     * @param pictures    what to show, in its order, few enough for the driver: {@code origin}, {@code caption} (string) and,
     *     if there are such columns, {@code detail} (string), {@code marked} (boolean) and {@code row} (of any type: another
     *     value than in the line before begins a new row)
     * @param photographs columns {@code origin} and {@code content}; only the files that are shown are read
     */
    public static BufferedImage pictureGrid(String title, Dataset<Row> pictures, Dataset<Row> photographs, String subtitle) {
        return drawn(PICTURES, () -> new PictureGrid(title, PictureGridReader.of(pictures, photographs)).image(subtitle));
    }

    /**
     * Mistakes as pictures: each with its true class, the one it was taken for, and how sure the model was.
     *
     * @param mistakes    what {@code Evaluation.worstMistakes} gives: {@code origin}, {@code label}, {@code predicted},
     *     {@code probability} (may be null); drawn in this order
     * @param photographs columns {@code origin} and {@code content}; only the files that are shown are read
     * @return a picture that says so, if there is no mistake
     */
    public static BufferedImage mistakes(Dataset<Row> mistakes, Dataset<Row> photographs, String subtitle) {
        return drawn("the mistakes", () -> mistakePictures(mistakes, photographs, subtitle));
    }

    private static BufferedImage mistakePictures(Dataset<Row> mistakes, Dataset<Row> photographs, String subtitle) {
        Column probability = ImageColumns.of(mistakes, "probability");
        Dataset<Row> captioned = mistakes.select(ImageColumns.of(mistakes, ImageColumns.ORIGIN),
                functions.concat(ImageColumns.of(mistakes, ImageColumns.LABEL), functions.lit("\n→ "),
                        ImageColumns.of(mistakes, "predicted")).as("caption"),
                functions.when(probability.isNotNull(), functions.format_string("%.1f %% sure", probability.multiply(100)))
                        .as("detail"));
        List<List<CaptionedPicture>> rows = PictureGridReader.of(captioned, photographs);
        return rows.isEmpty() ? PictureGrid.none("No mistakes", subtitle, "Every prediction is right.")
                : new PictureGrid("The worst mistakes: true → predicted", rows).image(subtitle);
    }

    /**
     * How many of each true class are predicted as which. The picture is 2200 pixels wide, for 1100 on a page. Of more than 30
     * classes those that are confused are shown, and the note says so.
     *
     * @param counts   images of a true class (first index) with a predicted one (second)
     * @param classes  their names, in the order of the rows and columns
     * @param subtitle free text, or null
     * @throws IllegalArgumentException if there are not as many rows and columns as classes, or none
     */
    public static BufferedImage confusionMatrix(long[][] counts, List<String> classes, String subtitle) {
        return drawn("the confusion matrix", () -> new ConfusionMatrix(counts, classes).image(subtitle));
    }

    /** As {@link #confusionMatrix(long[][], List, String)}, of an evaluation. */
    public static BufferedImage confusionMatrix(Evaluation evaluation, String subtitle) {
        return confusionMatrix(evaluation.confusion(), evaluation.classes(), subtitle);
    }

    /**
     * The metric of the candidates of a tuning over one of their settings: a panel for each network, and a line for each
     * combination of the other settings. The picture is 2200 pixels wide, for 1100 on a page.
     *
     * @param x        name of the setting, such as {@code regParam}; its values stand as far apart whatever they are
     * @param subtitle free text, or null
     * @throws IllegalArgumentException if no candidate has such a setting
     */
    public static BufferedImage tuning(Tuned tuned, String x, String subtitle) {
        return drawn("the tuning", () -> new TuningChart(tuned, x).image(subtitle));
    }

    private static <T> T drawn(String what, Supplier<T> drawing) {
        Fonts.require();
        return Work.step("drawing " + what, drawing::get);
    }

    private static Sample sample(double[][] points, List<String> labels, List<byte[]> contents, Sample.Limits limits) {
        checkLengths(points.length, "points", labels.size());
        if (contents != null) {
            checkLengths(contents.size(), "contents", labels.size());
        }
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < points.length; i++) {
            byte[] content = contents == null ? null : contents.get(i);
            double[] place = Axes.FIRST_TWO.place(points[i]);
            if (place != null && (contents == null || content != null)) {
                items.add(new Item(Classes.nameOf(labels.get(i)), place[0], place[1], content));
            }
        }
        return Sample.of(items, (long) points.length - items.size(), limits);
    }

    private static void checkLengths(int count, String what, int labels) {
        if (count != labels) {
            throw new IllegalArgumentException(
                    "Each image needs a label (null is one): got " + count + " " + what + " and " + labels + " labels.");
        }
    }
}
