package verger.charts;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/**
 * A white picture, and the graphics that draws smooth lines and text on it.
 *
 * @param image    the picture
 * @param graphics in pixels before they are scaled
 */
record Canvas(BufferedImage image, Graphics2D graphics) {

    /** Makes a picture that is {@code scale} times as wide and high, in pixels, as it is drawn. */
    static Canvas of(int width, int height, int scale) {
        BufferedImage image = new BufferedImage(scale * width, scale * height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.scale(scale, scale);
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        blank(g, width, height);
        return new Canvas(image, g);
    }

    /** Makes so many pixels white, and lines and text smooth. */
    static void blank(Graphics2D g, int width, int height) {
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, width, height);
    }
}
