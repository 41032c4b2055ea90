/**
 * Functions of images for SQL, {@code selectExpr} and {@code expr}: {@link verger.sql.ImageFunctions#register} adds them to
 * a session.
 *
 * <p>They are the stages and the decoder once more, one image at a time. An image that cannot be used is null, and
 * {@code image_reason} says why. Mistakes in names and constants end a query before it runs. They never read a file
 * themselves: content comes from a column.
 */
package verger.sql;
