/**
 * Files of weights: where they are looked for, how they are downloaded, checked and kept.
 *
 * <p>A search ends in a file with its SHA-256 and the place where it was found, or in a sentence that names every place and
 * why it failed. Downloads give up in seconds where there is no network, and land under another name until they are whole.
 * A file that is there already and does not match is never deleted or overwritten: it may be the user's own.
 */
package verger.networks.weights;
