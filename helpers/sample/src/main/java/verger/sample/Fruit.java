package verger.sample;

import java.util.List;

/**
 * A fruit or vegetable to draw, standing on the y axis about the origin.
 *
 * @param name   its class, the name of its folder
 * @param reach  radius of a ball about the origin that holds all its parts
 * @param lean   degrees by which it leans to the side in the upright series
 * @param tumble degrees from its own axis to the axis about which the r_ series turns it: 90 rolls it head over heels,
 *               small values spin it while it lies
 * @param parts  its pieces
 */
record Fruit(String name, double reach, double lean, double tumble, List<Part> parts) {

    double distance(double x, double y, double z) {
        double nearest = Double.MAX_VALUE;
        for (Part part : parts) {
            nearest = part.nearer(x, y, z, nearest);
        }
        return nearest;
    }

    Part partAt(Vec p) {
        Part best = parts.get(0);
        double nearest = Double.MAX_VALUE;
        for (Part part : parts) {
            double d = part.distance(p.x(), p.y(), p.z());
            if (d < nearest) {
                nearest = d;
                best = part;
            }
        }
        return best;
    }
}
