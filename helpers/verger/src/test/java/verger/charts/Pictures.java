package verger.charts;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import javax.imageio.ImageIO;

/** Makes picture files for tests, and looks into what was drawn. */
final class Pictures {

    private Pictures() {
    }

    static BufferedImage decoded(byte[] png) {
        try {
            return ImageIO.read(new ByteArrayInputStream(png));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A square of a colour on a ground, half as wide. */
    static BufferedImage square(int side, Color color, Color ground) {
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setColor(ground);
        g.fillRect(0, 0, side, side);
        g.setColor(color);
        g.fillRect(side / 4, side / 4, side / 2, side / 2);
        g.dispose();
        return image;
    }

    static byte[] file(Color color, Color ground) {
        return Png.of(square(100, color, ground));
    }

    static int count(BufferedImage image, Color color) {
        return colors(image).getOrDefault(color, 0);
    }

    /** Number of pixels of each colour. */
    static Map<Color, Integer> colors(BufferedImage image) {
        Map<Integer, Integer> counts = new HashMap<>();
        for (int rgb : image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth())) {
            counts.merge(rgb, 1, Integer::sum);
        }
        Map<Color, Integer> colors = new HashMap<>();
        counts.forEach((rgb, count) -> colors.merge(new Color(rgb), count, Integer::sum));
        return colors;
    }

    /** Number of pixels of exactly this colour within x0 … x1 and y0 … y1. */
    static int count(BufferedImage image, Color color, int x0, int y0, int x1, int y1) {
        int count = 0;
        for (int y = Math.max(0, y0); y < Math.min(y1, image.getHeight()); y++) {
            for (int x = Math.max(0, x0); x < Math.min(x1, image.getWidth()); x++) {
                if ((image.getRGB(x, y) & 0xFFFFFF) == (color.getRGB() & 0xFFFFFF)) {
                    count++;
                }
            }
        }
        return count;
    }
}
