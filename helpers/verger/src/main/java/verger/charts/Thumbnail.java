package verger.charts;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayDeque;
import verger.images.RgbImage;
import verger.images.UnusableImageException;

/** Makes small pictures of image files. */
final class Thumbnail {

    /** A pixel is near white if its darkest channel is as bright as this; JPEG leaves the white of a wall at 230 or so. */
    private static final int WHITE = 226;
    private static final Color EMPTY = new Color(0xF1F2F4);

    private Thumbnail() {
    }

    /**
     * Decodes, as the features do, and shrinks; small images are not enlarged.
     *
     * @param content bytes of a file; may be null
     * @param side    the longer side of the result, in pixels
     * @return null if the bytes cannot be decoded: a chart leaves the picture out and counts it
     */
    static BufferedImage of(byte[] content, int side) {
        try {
            return RgbImage.decode(content, image -> image.fit(side)).toBufferedImage();
        } catch (UnusableImageException e) {
            return null;
        }
    }

    /**
     * Draws a thumbnail in the middle of a square, or, of what cannot be decoded, a grey square that says so.
     *
     * @param scale pixels of the picture for one of the square
     */
    static void draw(Graphics2D g, byte[] content, Rectangle2D square, int scale) {
        BufferedImage picture = of(content, (int) (scale * square.getWidth()));
        if (picture == null) {
            g.setColor(EMPTY);
            g.fill(square);
            Text.draw(g, "not read", Fonts.TICK.deriveFont(10f), Text.MUTED, square.getX() + 6, square.getCenterY() + 3);
            return;
        }
        double fit = square.getWidth() / Math.max(picture.getWidth(), picture.getHeight());
        g.drawImage(picture, new AffineTransform(fit, 0, 0, fit,
                square.getCenterX() - picture.getWidth() * fit / 2,
                square.getCenterY() - picture.getHeight() * fit / 2), null);
    }

    /** A file of the thumbnail; of an image that cannot be decoded one that cannot be decoded either. */
    static byte[] file(byte[] content, int side) {
        BufferedImage thumbnail = of(content, side);
        return thumbnail == null ? new byte[0] : Png.of(thumbnail);
    }

    /** With the near-white background, as far as it reaches from the border, made transparent. */
    static BufferedImage cutOut(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        boolean[] background = new boolean[width * height];
        ArrayDeque<Integer> open = new ArrayDeque<>();
        for (int x = 0; x < width; x++) {
            visit(image, x, 0, background, open);
            visit(image, x, height - 1, background, open);
        }
        for (int y = 0; y < height; y++) {
            visit(image, 0, y, background, open);
            visit(image, width - 1, y, background, open);
        }
        while (!open.isEmpty()) {
            int at = open.pop();
            int x = at % width;
            int y = at / width;
            visit(image, x - 1, y, background, open);
            visit(image, x + 1, y, background, open);
            visit(image, x, y - 1, background, open);
            visit(image, x, y + 1, background, open);
        }
        BufferedImage cut = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int rgb = image.getRGB(x, y);
                if (!background[y * width + x]) {
                    cut.setRGB(x, y, isOnEdge(background, x, y, width, height) ? withoutWhite(rgb) : rgb);
                }
            }
        }
        return cut;
    }

    /** Two pixels wide: so far JPEG mixes an edge. */
    private static boolean isOnEdge(boolean[] background, int x, int y, int width, int height) {
        for (int v = Math.max(0, y - 2); v <= Math.min(height - 1, y + 2); v++) {
            for (int u = Math.max(0, x - 2); u <= Math.min(width - 1, x + 2); u++) {
                if (background[v * width + u]) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A pixel of the edge is part background: takes the white out of its colour and makes it as transparent. */
    private static int withoutWhite(int rgb) {
        int red = rgb >> 16 & 255;
        int green = rgb >> 8 & 255;
        int blue = rgb & 255;
        double opaque = Math.min(1, (WHITE - Math.min(red, Math.min(green, blue))) / 120.0);
        if (opaque <= 0) {
            return 0;
        }
        return (int) (255 * opaque) << 24 | unmixed(red, opaque) << 16 | unmixed(green, opaque) << 8
                | unmixed(blue, opaque);
    }

    private static int unmixed(int channel, double opaque) {
        return (int) Math.max(0, Math.min(255, 255 - (255 - channel) / opaque));
    }

    private static void visit(BufferedImage image, int x, int y, boolean[] background, ArrayDeque<Integer> open) {
        if (x < 0 || y < 0 || x >= image.getWidth() || y >= image.getHeight()) {
            return;
        }
        int at = y * image.getWidth() + x;
        if (!background[at] && isNearWhite(image.getRGB(x, y))) {
            background[at] = true;
            open.push(at);
        }
    }

    private static boolean isNearWhite(int rgb) {
        int red = rgb >> 16 & 255;
        int green = rgb >> 8 & 255;
        int blue = rgb & 255;
        return rgb >>> 24 < 16 || Math.min(red, Math.min(green, blue)) >= WHITE;
    }

    /** Halved as often as it goes, so that every pixel counts, then scaled; premultiplied, so that edges stay clean. */
    static BufferedImage shrink(BufferedImage image, int side) {
        BufferedImage current = image;
        while (true) {
            double scale = Math.min(1, (double) side / Math.max(current.getWidth(), current.getHeight()));
            double step = Math.max(scale, 0.5);
            int width = Math.max(1, (int) Math.round(current.getWidth() * step));
            int height = Math.max(1, (int) Math.round(current.getHeight() * step));
            BufferedImage smaller = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB_PRE);
            Graphics2D g = smaller.createGraphics();
            g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
            g.drawImage(current, 0, 0, width, height, null);
            g.dispose();
            current = smaller;
            if (step == scale) {
                return current;
            }
        }
    }
}
