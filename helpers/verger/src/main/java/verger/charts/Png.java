package verger.charts;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import org.knowm.xchart.internal.chartpart.Chart;

/** Turns a chart or a picture into the bytes of a PNG file. */
public final class Png {

    /** Pixels of the file for one of the chart: sharp on today's screens and in print. */
    private static final int SCALE = 2;

    private Png() {
    }

    /**
     * The chart at twice its width and height in pixels.
     *
     * @throws IllegalStateException if the host has no fonts; the message says what to install
     */
    public static byte[] of(Chart<?, ?> chart) {
        return of(image(chart));
    }

    /** The picture as it is: a contact sheet is drawn at twice its size already. */
    public static byte[] of(BufferedImage image) {
        try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            ImageIO.write(image, "png", out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What {@link Charts} has drawn, chart or picture, for who need not know which.
     *
     * @throws IllegalArgumentException if it is neither a chart of XChart nor a {@link BufferedImage}
     */
    public static byte[] ofDrawing(Object drawing) {
        if (drawing instanceof Chart<?, ?> chart) {
            return of(chart);
        }
        if (drawing instanceof BufferedImage image) {
            return of(image);
        }
        throw new IllegalArgumentException("A drawing is a chart of XChart or a BufferedImage: got "
                + (drawing == null ? "null" : "a " + drawing.getClass().getName()));
    }

    /** The chart as a picture of twice its width and height, for a notebook to show. */
    public static BufferedImage image(Chart<?, ?> chart) {
        Fonts.require();
        BufferedImage image =
                new BufferedImage(SCALE * chart.getWidth(), SCALE * chart.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.scale(SCALE, SCALE);
        chart.paint(g, chart.getWidth(), chart.getHeight());
        g.dispose();
        return image;
    }
}
