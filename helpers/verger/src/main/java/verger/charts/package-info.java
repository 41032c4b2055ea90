/**
 * Charts of what was found, as XChart's charts or as pictures: {@link verger.charts.Charts} is the door, with a class for
 * each chart behind it.
 *
 * <p>Of a large Dataset only a sample comes to the driver, spread evenly over the classes, and the chart says how many of
 * how many. The same data draws the same picture. A host without fonts is told what to install. This package computes
 * nothing that somebody would save, and never writes a file: {@link verger.charts.Png} gives the bytes.
 */
package verger.charts;
