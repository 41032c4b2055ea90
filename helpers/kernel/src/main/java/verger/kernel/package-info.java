/**
 * The Java kernel of the notebooks: JJava, with cells that are done or say why not.
 *
 * <p>Its classes are extended, and none is copied; three private fields of Spark's are reached by name, in {@code cells}.
 */
package verger.kernel;
