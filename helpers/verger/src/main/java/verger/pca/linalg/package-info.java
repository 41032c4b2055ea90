/**
 * Dense linear algebra, as the PCA needs it: products, the eigenvectors of a symmetric matrix, by OpenBLAS where it loads
 * and computes rightly, else in Java with the same result.
 *
 * <p>OpenBLAS is tried on a small matrix before it is trusted. It keeps to one thread a caller; where more cores help, the
 * threads are ours. Matrices are column-major, and the large ones lie in native memory that is freed when its owner is
 * closed. This package knows no Spark and no row, and never decides how much memory there may be.
 */
package verger.pca.linalg;
