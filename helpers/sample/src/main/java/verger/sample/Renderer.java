package verger.sample;

import java.awt.image.BufferedImage;

/** Takes the picture of a fruit: follows a few rays per pixel to its surface and shades what they hit. */
final class Renderer {
    /** Width and height of a picture, in pixels. */
    static final int SIZE = 100;

    /** The nine rays of a pixel, its corners first; the other five only where the corners differ. */
    private static final int[] ORDER = {0, 2, 6, 8, 4, 1, 3, 5, 7};

    private static final int CORNERS = 4;
    private static final double EVEN = 0.02;
    private static final int PREVIEW = 72;
    private static final double CAMERA = 9;
    private static final double STRIDE = 0.75;
    private static final double HIT = 0.0025;
    private static final double MISS = Double.POSITIVE_INFINITY;

    private final Fruit fruit;
    private final Pose pose;
    private final Studio studio;
    private final Vec camera;

    Renderer(Fruit fruit, Pose pose, int seed) {
        this.fruit = fruit;
        this.pose = pose;
        this.studio = new Studio(pose, seed);
        this.camera = pose.seen(new Vec(0, 0, CAMERA));
    }

    /** The picture, cut so that the fruit just fills it, as in Fruits-360. */
    BufferedImage render() {
        Window window = window();
        BufferedImage image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < SIZE; y++) {
            for (int x = 0; x < SIZE; x++) {
                image.setRGB(x, y, pixel(window, x, y));
            }
        }
        return image;
    }

    private int pixel(Window window, int x, int y) {
        Colour sum = Colour.BLACK;
        double dark = 1;
        double bright = 0;
        int rays = 0;
        for (int i : ORDER) {
            if (rays == CORNERS && bright - dark < EVEN) {
                break;
            }
            int row = i / 3;
            double u = (x + (i % 3 + 0.5) / 3) / SIZE;
            double v = (y + (row + 0.5) / 3) / SIZE;
            Colour c = level(window.ray(u, v));
            double green = c.g();
            dark = Math.min(dark, green);
            bright = Math.max(bright, green);
            sum = sum.plus(c);
            rays++;
        }
        double scale = 255.0 / rays;
        return (int) (sum.r() * scale + 0.5) << 16 | (int) (sum.g() * scale + 0.5) << 8 | (int) (sum.b() * scale + 0.5);
    }

    /** What the film makes of a ray: averaging that rather than light keeps edges against white smooth. */
    private Colour level(Vec ray) {
        double t = march(ray, 0);
        return t == MISS ? Film.WHITE : Film.level(look(ray, t));
    }

    private Colour look(Vec ray, double t) {
        Vec p = camera.plus(ray.times(t));
        Part part = fruit.partAt(p);
        Vec outline = normal(part, p, 0.006, false);
        Vec n = normal(part, p, 0.012, true);
        Vec eye = ray.times(-1);
        Vec above = p.plus(outline.times(0.02));
        double lit = shadow(above, studio.keyDirection());
        // What lies in a fold mirrors the other side of the fold, not a lamp.
        double clear = shadow(above, ray.mirroredOn(n));
        return studio.shade(part.material(p), n, eye, lit, openness(p, outline), clear);
    }

    /** Distance along the ray to the fruit, or {@link #MISS}; a ray passing within {@code near} counts as a hit. */
    private double march(Vec ray, double near) {
        double middle = -camera.dot(ray);
        double beside = camera.dot(camera) - middle * middle;
        double half = fruit.reach() * fruit.reach() - beside;
        if (half <= 0) {
            return MISS;
        }
        half = Math.sqrt(half);
        double t = middle - half;
        double end = middle + half;
        double hit = Math.max(HIT, near);
        while (t < end) {
            double d = fruit.distance(camera.x() + t * ray.x(), camera.y() + t * ray.y(), camera.z() + t * ray.z());
            if (d < hit) {
                return t;
            }
            t += Math.max(d * STRIDE, HIT);
        }
        return MISS;
    }

    // Four samples at the corners of a tetrahedron (Quilez).
    private static Vec normal(Part part, Vec p, double e, boolean fine) {
        double a = height(part, p.x() + e, p.y() - e, p.z() - e, fine);
        double b = height(part, p.x() - e, p.y() - e, p.z() + e, fine);
        double c = height(part, p.x() - e, p.y() + e, p.z() - e, fine);
        double d = height(part, p.x() + e, p.y() + e, p.z() + e, fine);
        return new Vec(a - b - c + d, -a - b + c + d, -a + b - c + d + 1e-12).unit();
    }

    private static double height(Part part, double x, double y, double z, boolean fine) {
        double d = part.distance(x, y, z);
        return fine ? d - part.relief(x, y, z) : d;
    }

    /** 0 in shadow, 1 in the light, between the two in the soft edge of a shadow. */
    private double shadow(Vec p, Vec light) {
        double lit = 1;
        double t = 0.03;
        for (int i = 0; i < 28 && t < 1.6; i++) {
            double d = fruit.distance(p.x() + t * light.x(), p.y() + t * light.y(), p.z() + t * light.z());
            lit = Math.min(lit, 0.5 + 0.5 * d / (0.12 * t));
            if (lit <= 0) {
                return 0;
            }
            t += Maths.clamp(0.8 * d, 0.02, 0.2);
        }
        return lit * lit * (3 - 2 * lit);
    }

    /** How much of the surroundings a point sees: dark in dimples and under leaves. */
    private double openness(Vec p, Vec n) {
        double hidden = 0;
        double weight = 0.9;
        for (int i = 1; i <= 4; i++) {
            double h = 0.07 * i;
            double d = fruit.distance(p.x() + h * n.x(), p.y() + h * n.y(), p.z() + h * n.z());
            hidden += weight * Math.max(0, h - d) / h;
            weight *= 0.75;
        }
        return Maths.clamp(1 - 0.55 * hidden, 0, 1);
    }

    /** The part of the view that the picture shows, found in a coarse preview. */
    private Window window() {
        Window whole = new Window(-fruit.reach() * 1.03, fruit.reach() * 1.03, 2.06 * fruit.reach());
        double near = fruit.reach() / PREVIEW;
        int left = PREVIEW;
        int right = -1;
        int top = PREVIEW;
        int bottom = -1;
        for (int y = 0; y < PREVIEW; y++) {
            for (int x = 0; x < PREVIEW; x++) {
                if (march(whole.ray((x + 0.5) / PREVIEW, (y + 0.5) / PREVIEW), near) != MISS) {
                    left = Math.min(left, x);
                    right = Math.max(right, x);
                    top = Math.min(top, y);
                    bottom = Math.max(bottom, y);
                }
            }
        }
        double pixel = whole.side / PREVIEW;
        double wide = (right + 1 - left) * pixel;
        double high = (bottom + 1 - top) * pixel;
        double side = Math.max(wide, high) * 1.01;
        double x = whole.left + left * pixel - (side - wide) / 2;
        double y = whole.top - top * pixel + (side - high) / 2;
        return new Window(x, y, side);
    }

    /** A square in the plane through the origin that faces the camera. */
    private final class Window {
        private final double left;
        private final double top;
        private final double side;

        Window(double left, double top, double side) {
            this.left = left;
            this.top = top;
            this.side = side;
        }

        /** The unit direction from the camera through a point of the square, (0, 0) top left to (1, 1). */
        Vec ray(double u, double v) {
            return pose.seen(new Vec(left + u * side, top - v * side, -CAMERA).unit());
        }
    }
}
