package verger.pca;

import java.util.Locale;
import verger.pca.linalg.Gramian;

/**
 * The memory that a fit takes beside what the session holds already, in bytes: of the heap, and natively, which on YARN
 * and Kubernetes is part of a container's overhead.
 *
 * <p>It depends on the rows only while they are at most half as many as the features.
 *
 * @param taskHeap     of each task at a time
 * @param taskNative   of each task at a time
 * @param driverHeap   on the driver, the fitted model included
 * @param driverNative on the driver
 */
public record MemoryEstimate(long taskHeap, long taskNative, long driverHeap, long driverNative) {

    private static final double MIB = 1 << 20;

    /** OpenBLAS takes so much for each thread that calls it. */
    private static final double BUFFER = 32 * MIB;

    /**
     * Estimates the memory of a fit.
     *
     * @param rows     n, the number of rows
     * @param features d, the numbers of a row
     */
    public static MemoryEstimate of(long rows, int features) {
        double d = features;
        boolean few = Moments.areFew(rows, features);
        double kept = Double.BYTES * d * (few ? rows : d / 2);
        // Rows as long as they are kept; then two triangles that are merged, and one of them as bytes.
        double block = Double.BYTES * d * Gramian.BLOCK;
        if (few) {
            double square = Double.BYTES * (double) rows * rows;
            return of(2 * kept, 0, 4 * kept + 2.5 * square, 2 * kept + 3 * square + block + BUFFER);
        }
        double square = Double.BYTES * d * d;
        return of(kept + 1.5 * square, square + block + BUFFER, 3.5 * square, 3 * square + BUFFER);
    }

    private static MemoryEstimate of(double taskHeap, double taskNative, double driverHeap, double driverNative) {
        return new MemoryEstimate((long) taskHeap, (long) taskNative, (long) driverHeap, (long) driverNative);
    }

    static String mebibytes(double bytes) {
        return String.format(Locale.ROOT, "%,.0f MiB", Math.ceil(bytes / MIB));
    }

    @Override
    public String toString() {
        return "driver " + mebibytes(driverHeap) + " of heap and " + mebibytes(driverNative) + " native, each task "
                + mebibytes(taskHeap) + " and " + mebibytes(taskNative);
    }
}
