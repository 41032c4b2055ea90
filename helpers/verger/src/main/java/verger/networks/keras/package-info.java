/**
 * Keras' {@code .h5} files: tells their kinds, and builds a DL4J graph from those whose architecture is known or stands in
 * the file.
 *
 * <p>Weights come from Keras 2 or 3, with layers named anew in each edition; a layer is found by what it is and by its
 * shape. What a file lacks is said in a sentence that names the kind of file and the way out. Nothing here runs a network,
 * and a layer that is not known is never guessed.
 */
package verger.networks.keras;
