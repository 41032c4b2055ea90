/**
 * How far work is, for whoever shows it: the images that tasks have sent through a network, and what the driver does that takes
 * long.
 *
 * <p>Nothing is shown here, and nothing is known here of who does: without a listener it costs a number in a map.
 */
package verger.progress;
