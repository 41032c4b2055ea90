package verger.bench;

import static org.bytedeco.openblas.global.openblas.CblasColMajor;
import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.blas_set_num_threads;
import static org.bytedeco.openblas.global.openblas.cblas_dgemm;
import static org.bytedeco.openblas.global.openblas.cblas_sgemm;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;

/**
 * What one core does at most: the rate of OpenBLAS' {@code dgemm} and {@code sgemm} on one thread, in flops per
 * CPU-second.
 *
 * <p>A shared machine is slower at one time than at another, so it is probed again and again during a run. The best of
 * all probes counts, as the best round of a contestant does.
 */
final class Peak {

    private static final int SIDE = 1024;
    private static final int CALLS = 5;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Map<Contestant.Precision, List<Double>> probes = new EnumMap<>(Contestant.Precision.class);
    private final double[] a = new double[SIDE * SIDE];
    private final float[] single = new float[SIDE * SIDE];

    Peak() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < a.length; i++) {
            a[i] = random.nextDouble();
            single[i] = (float) a[i];
        }
        for (Contestant.Precision precision : Contestant.Precision.values()) {
            probes.put(precision, new ArrayList<>());
        }
    }

    /** Takes one probe of each: the best of {@value #CALLS} products. */
    void probe() {
        blas_set_num_threads(1);
        try (DoublePointer x = new DoublePointer(a); DoublePointer z = new DoublePointer(a.length)) {
            probes.get(Contestant.Precision.DOUBLE).add(best(() -> cblas_dgemm(CblasColMajor, CblasNoTrans,
                    CblasNoTrans, SIDE, SIDE, SIDE, 1, x, SIDE, x, SIDE, 0, z, SIDE)));
        }
        try (FloatPointer x = new FloatPointer(single); FloatPointer z = new FloatPointer(single.length)) {
            probes.get(Contestant.Precision.FLOAT).add(best(() -> cblas_sgemm(CblasColMajor, CblasNoTrans,
                    CblasNoTrans, SIDE, SIDE, SIDE, 1, x, SIDE, x, SIDE, 0, z, SIDE)));
        }
    }

    private static double best(Runnable product) {
        long least = Long.MAX_VALUE;
        for (int call = 0; call < CALLS; call++) {
            long start = THREADS.getCurrentThreadCpuTime();
            product.run();
            least = Math.min(least, THREADS.getCurrentThreadCpuTime() - start);
        }
        return 2.0 * SIDE * SIDE * SIDE / (least / 1e9);
    }

    /** What the probes found so far. */
    Result.Probes probes(Contestant.Precision precision) {
        double[] sorted = probes.get(precision).stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new Result.Probes(sorted[sorted.length - 1], sorted[sorted.length / 2]);
    }
}
