package verger.sample;

/** A quadratic Bezier curve cut into straight pieces, and the way to the nearest point on it. */
final class Curve {
    private final Vec[] points;
    private final Vec[] steps;
    private final double[] squares;
    private final Vec[] directions;
    private final Vec centre;
    private final double reach;
    private final Vec chord;
    private final double chordSquare;
    private final double sag;

    Curve(Vec from, Vec by, Vec to, int pieces) {
        points = new Vec[pieces + 1];
        for (int i = 0; i <= pieces; i++) {
            double t = (double) i / pieces;
            points[i] = from.times((1 - t) * (1 - t)).plus(by.times(2 * t * (1 - t))).plus(to.times(t * t));
        }
        steps = new Vec[pieces];
        squares = new double[pieces];
        directions = new Vec[pieces];
        for (int i = 0; i < pieces; i++) {
            steps[i] = points[i + 1].minus(points[i]);
            squares[i] = steps[i].dot(steps[i]);
            directions[i] = steps[i].unit();
        }
        centre = from.plus(to).times(0.5);
        double far = 0;
        for (Vec p : points) {
            far = Math.max(far, p.minus(centre).length());
        }
        reach = far;
        chord = to.minus(from);
        chordSquare = chord.dot(chord);
        double bow = 0;
        for (Vec p : points) {
            bow = Math.max(bow, fromChord(p.x(), p.y(), p.z()));
        }
        sag = bow;
    }

    Vec centre() {
        return centre;
    }

    /** Radius of a ball about the centre that holds the curve. */
    double reach() {
        return reach;
    }

    /** At most the distance to the curve; quick, and good enough far away. */
    double atLeast(double x, double y, double z) {
        return fromChord(x, y, z) - sag;
    }

    /** The nearest place on the curve, as piece number plus share of that piece. */
    double nearest(double x, double y, double z) {
        double best = Double.MAX_VALUE;
        double place = 0;
        for (int i = 0; i < steps.length; i++) {
            Vec a = points[i];
            Vec e = steps[i];
            double px = x - a.x();
            double py = y - a.y();
            double pz = z - a.z();
            double t = Maths.clamp((px * e.x() + py * e.y() + pz * e.z()) / squares[i], 0, 1);
            double dx = px - t * e.x();
            double dy = py - t * e.y();
            double dz = pz - t * e.z();
            double d = dx * dx + dy * dy + dz * dz;
            if (d < best) {
                best = d;
                place = i + t;
            }
        }
        return place;
    }

    /** A place given by {@link #nearest} as a share of the whole curve, 0 to 1. */
    double share(double place) {
        return place / steps.length;
    }

    Vec point(double place) {
        int i = piece(place);
        return points[i].plus(steps[i].times(place - i));
    }

    Vec direction(double place) {
        return directions[piece(place)];
    }

    private double fromChord(double x, double y, double z) {
        double px = x - points[0].x();
        double py = y - points[0].y();
        double pz = z - points[0].z();
        double t = Maths.clamp((px * chord.x() + py * chord.y() + pz * chord.z()) / chordSquare, 0, 1);
        return Maths.length(px - t * chord.x(), py - t * chord.y(), pz - t * chord.z());
    }

    private int piece(double place) {
        return Math.min((int) place, steps.length - 1);
    }
}
