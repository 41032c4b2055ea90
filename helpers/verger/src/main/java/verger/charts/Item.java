package verger.charts;

/**
 * One image as a chart sees it.
 *
 * @param label   its class, {@link Classes#NO_LABEL} if it has none
 * @param x       first coordinate of the projection, if the chart needs one
 * @param y       second coordinate of the projection
 * @param content the bytes of its file; may be null
 */
record Item(String label, double x, double y, byte[] content) {
}
