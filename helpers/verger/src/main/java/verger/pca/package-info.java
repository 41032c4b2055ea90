/**
 * Principal components: {@link verger.pca.PrincipalComponents} fits them once, in one pass over the rows, and its model
 * keeps the whole spectrum, so that k can be chosen afterwards.
 *
 * <p>Results do not depend on the partitions of the data, signs are fixed, and variances are those of the sample (divisor n
 * − 1). What cannot fit into memory is refused in one sentence, before the work where that can be known. The numbers could
 * be of anything: this package knows no image and no network, and it never takes NaN or infinity for a number.
 */
package verger.pca;
