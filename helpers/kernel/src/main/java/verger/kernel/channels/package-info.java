/**
 * What goes from a cell to whoever looks at it: gathers what is printed, keeps its order among what is displayed, and loses none
 * of it. Asks the user what a cell asks, and answers the requests that wait behind one that failed.
 *
 * <p>It knows neither cells nor Spark.
 */
package verger.kernel.channels;
