/**
 * Decodes the bytes of a picture file to RGB, whatever comes in. {@link verger.images.decoding.Decoder} is the door.
 *
 * <p>Each format is a class that reads the headers first and says what decoding would take: samples of work, bytes of memory
 * ({@link verger.images.decoding.PictureFile}). What is over the bounds is refused before a pixel is decoded, so the result
 * depends on the file alone, never on the clock or on neighbours. Metadata never decides over pixels: the readers beneath get a
 * file without it, and what counts of it (orientation, colour profile) is read here and left out where it is damaged.
 *
 * <p>This package knows bytes only: no file system, no Spark, no status of a row.
 */
package verger.images.decoding;
