/**
 * What looks like what: the nearest photographs ({@link verger.similar.SimilarImages}), what is in a folder twice
 * ({@link verger.similar.Duplicates}), which classes lie near which ({@link verger.similar.Neighbours}).
 *
 * <p>Likeness is the cosine of two vectors, features or principal components. A row without a vector is like nothing.
 * Results are tables of names and numbers, in an order that does not depend on the partitions. The driver never holds all
 * vectors, and nothing here computes features.
 */
package verger.similar;
