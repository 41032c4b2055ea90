package verger.sample;

import java.util.List;
import java.util.stream.IntStream;

/** Marked points on a surface (seeds, eyes) and a quick way to the two nearest ones. */
final class Scatter {
    /** The nearest mark, or -1 when none is within reach, and the distances to it and to the next. */
    record Near(int index, double first, double second) {
    }

    private static final int SIDE = 24;

    private final Vec[] marks;
    private final double reach;
    private final double low;
    private final double cell;
    private final int[][] candidates = new int[SIDE * SIDE * SIDE][];

    /** @param reach how far from a point a mark still counts */
    Scatter(List<Vec> marks, double reach) {
        this.marks = marks.toArray(new Vec[0]);
        this.reach = reach;
        double far = 0;
        for (Vec m : marks) {
            far = Math.max(far, Math.max(Math.abs(m.x()), Math.max(Math.abs(m.y()), Math.abs(m.z()))));
        }
        low = -far - reach;
        cell = -2 * low / SIDE;
        for (int i = 0; i < candidates.length; i++) {
            candidates[i] = around(middle(i % SIDE), middle(i / SIDE % SIDE), middle(i / SIDE / SIDE));
        }
    }

    Vec mark(int index) {
        return marks[index];
    }

    Near near(double x, double y, double z) {
        int i = (int) Math.floor((x - low) / cell);
        int j = (int) Math.floor((y - low) / cell);
        int k = (int) Math.floor((z - low) / cell);
        int index = -1;
        double first = reach * reach;
        double second = first;
        if (i >= 0 && j >= 0 && k >= 0 && i < SIDE && j < SIDE && k < SIDE) {
            for (int c : candidates[i + SIDE * (j + SIDE * k)]) {
                Vec m = marks[c];
                double dx = m.x() - x;
                double dy = m.y() - y;
                double dz = m.z() - z;
                double d = dx * dx + dy * dy + dz * dz;
                if (d < first) {
                    second = first;
                    first = d;
                    index = c;
                } else if (d < second) {
                    second = d;
                }
            }
        }
        return new Near(index, Math.sqrt(first), Math.sqrt(second));
    }

    private double middle(int i) {
        return low + (i + 0.5) * cell;
    }

    private int[] around(double x, double y, double z) {
        double far = reach + cell * 0.87;
        return IntStream.range(0, marks.length)
                .filter(c -> marks[c].minus(new Vec(x, y, z)).length() < far)
                .toArray();
    }
}
