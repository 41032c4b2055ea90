package verger.charts;

import java.io.Serializable;

/**
 * The two components that a projection is drawn on, counted from 1.
 *
 * <p>Not a record, as it travels to executors: Spark's Kryo, where it is switched on, cannot read records back.
 */
final class Axes implements Serializable {

    static final Axes FIRST_TWO = new Axes(1, 2);

    private final int east;
    private final int north;

    /** @throws IllegalArgumentException if they are the same, or below 1 */
    Axes(int east, int north) {
        if (east < 1 || north < 1 || east == north) {
            throw new IllegalArgumentException(
                    "A projection is drawn on two different components, counted from 1: got " + east + " and " + north + ".");
        }
        this.east = east;
        this.north = north;
    }

    /** @throws IllegalArgumentException if there are fewer components than this needs */
    void check(int components) {
        if (Math.max(east, north) > components) {
            throw new IllegalArgumentException("A projection on components " + east + " and " + north
                    + " needs k of " + Math.max(east, north) + " or more: got " + components + "; cut or fit the PCA with that.");
        }
    }

    double x(double[] point) {
        return point[east - 1];
    }

    double y(double[] point) {
        return point[north - 1];
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
