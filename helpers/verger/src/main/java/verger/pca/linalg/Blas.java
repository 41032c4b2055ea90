package verger.pca.linalg;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import verger.Settings;

/** The dense linear algebra of a PCA: by OpenBLAS where it loads, else in Java, with the same result. */
public interface Blas {

    /** Whether the numbers are in native memory, and not on the heap. */
    boolean isNative();

    /**
     * A sum of outer products.
     *
     * @param packed triangle of a side × side matrix, see {@link Packed}; complete once the sum is closed
     * @param single whether the products are computed in single precision
     */
    Gramian gramian(double[] packed, int side, boolean single);

    /**
     * Decomposes the packed triangle of an n × n matrix, n ≤ {@link Packed#MOST}.
     *
     * @param single whether single precision will do; Java gains nothing by it
     */
    Eigen eigen(double[] packed, int n, boolean single);

    /** The vectors of the tridiagonal matrix that belong to the largest values, column-major n × count, ascending. */
    double[] largest(Eigen eigen, int count);

    /** All vectors of the tridiagonal matrix, column-major n × n, ascending; {@code single} as above. */
    double[] all(Eigen eigen, boolean single);

    /** Takes vectors of the tridiagonal matrix, column-major n × count, back to those of the matrix itself, in place. */
    void reflect(Eigen eigen, double[] vectors, int count);

    /** Products of {@code leftᵀ}, a column-major matrix of so many rows and columns. */
    Product product(double[] left, int rows, int columns);

    /** The one to use in this JVM. */
    static Blas best() {
        return Chosen.BLAS;
    }

    /**
     * On the driver, before any job: in a task the sentence would drown in a stack trace.
     *
     * @throws IllegalArgumentException if {@code VERGER_BLAS} names none
     */
    static void checkSetting() {
        Settings.javaBlas();
    }

    /** Chosen once for a JVM, and said once. */
    final class Chosen {
        private static final Logger LOG = LoggerFactory.getLogger(Blas.class);
        private static final Blas BLAS = choose();

        private Chosen() {
        }

        private static Blas choose() {
            if (Settings.javaBlas()) {
                return new JavaBlas();
            }
            try {
                return new NativeBlas();
            } catch (LinkageError | RuntimeException e) {
                LOG.warn("No native OpenBLAS here ({}): the PCA runs in Java, with the same result in some ten times the time.",
                        e.toString());
                return new JavaBlas();
            }
        }
    }
}
