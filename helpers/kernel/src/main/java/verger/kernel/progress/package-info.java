/**
 * Shows under a running cell how far it is, in one line that folds to a sentence when the cell is done.
 *
 * <p>What there is to know comes from Spark's listener and from {@code verger.progress}; nothing is measured of cells themselves.
 */
package verger.kernel.progress;
