package verger.charts;

import java.io.Serializable;
import org.apache.spark.ml.linalg.Vector;

/**
 * The two components that a projection is drawn on, counted from 1.
 *
 * @param east  the one from left to right
 * @param north the one upwards
 */
record Axes(int east, int north) implements Serializable {

    static final Axes FIRST_TWO = new Axes(1, 2);

    /** @throws IllegalArgumentException if they are the same, or below 1 */
    Axes {
        if (east < 1 || north < 1 || east == north) {
            throw new IllegalArgumentException(
                    "A projection is drawn on two different components, counted from 1: got " + east + " and " + north + ".");
        }
    }

    /** @throws IllegalArgumentException if there are fewer components than this needs */
    void check(int components) {
        if (Math.max(east, north) > components) {
            throw new IllegalArgumentException("A projection on components " + east + " and " + north
                    + " needs k of " + Math.max(east, north) + " or more: got " + components
                    + "; cut or fit the PCA with that.");
        }
    }

    /**
     * Where an image stands.
     *
     * @param projection its components; may be null
     * @return x and y; null without a projection, and where one of the two is not a finite number
     * @throws IllegalArgumentException if there are fewer components than this needs
     */
    double[] place(double[] projection) {
        if (projection == null) {
            return null;
        }
        check(projection.length);
        double x = projection[east - 1];
        double y = projection[north - 1];
        return Double.isFinite(x) && Double.isFinite(y) ? new double[] {x, y} : null;
    }

    double[] place(Vector projection) {
        return projection == null ? null : place(projection.toArray());
    }

    String title() {
        return "Projection on "
                + (east == 1 && north == 2 ? "the first two principal components" : "components " + east + " and " + north);
    }

    String eastTitle(double[] shares) {
        return title(east, shares);
    }

    String northTitle(double[] shares) {
        return title(north, shares);
    }

    private static String title(int component, double[] shares) {
        return "PC " + component + " (" + Text.percent(shares[component - 1]) + ")";
    }
}
