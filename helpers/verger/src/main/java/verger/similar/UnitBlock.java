package verger.similar;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * Some vectors side by side, so that the cosines of a row with all of them are one pass over memory.
 *
 * <p>The innermost loop runs over the vectors, whose sums do not depend on each other: the compiler makes vector instructions
 * of it, which it may not of a dot product.
 */
final class UnitBlock implements Serializable {

    private static final long serialVersionUID = 1L;

    private final String[] ids;
    private final int dimension;
    /** Number by number: first the first number of each vector. */
    private final double[] numbers;

    /** @throws IllegalArgumentException if the vectors differ in size */
    UnitBlock(List<UnitVector> vectors) {
        ids = vectors.stream().map(UnitVector::id).toArray(String[]::new);
        dimension = vectors.get(0).values().length;
        numbers = new double[Math.multiplyExact(dimension, ids.length)];
        for (int q = 0; q < ids.length; q++) {
            check(vectors.get(q));
            for (int j = 0; j < dimension; j++) {
                numbers[j * ids.length + q] = vectors.get(q).values()[j];
            }
        }
    }

    int size() {
        return ids.length;
    }

    String id(int index) {
        return ids[index];
    }

    /** The cosines of two rows with each vector of the block, two at a time as that halves the way to memory. */
    void cosines(UnitVector first, UnitVector second, double[] ofFirst, double[] ofSecond) {
        check(first);
        check(second);
        int size = ids.length;
        Arrays.fill(ofFirst, 0);
        Arrays.fill(ofSecond, 0);
        for (int j = 0; j < dimension; j++) {
            double a = first.values()[j];
            double b = second.values()[j];
            int at = j * size;
            for (int q = 0; q < size; q++) {
                ofFirst[q] += a * numbers[at + q];
            }
            for (int q = 0; q < size; q++) {
                ofSecond[q] += b * numbers[at + q];
            }
        }
    }

    private void check(UnitVector vector) {
        if (vector.values().length != dimension) {
            throw new IllegalArgumentException(vector.id() + " has a vector of " + vector.values().length
                    + " numbers, and " + ids[0] + " has one of " + dimension
                    + ": take both from the same network or the same components");
        }
    }
}
