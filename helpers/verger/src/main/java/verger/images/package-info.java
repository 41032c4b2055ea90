/**
 * Photographs: lists them, reads their bytes, decodes them and says what class they are of.
 * {@link verger.images.Images#read} gives one row a file; the bytes are read on executors, where something asks for them.
 *
 * <p>A file that cannot be used never stops a job: its reason travels with its row as one sentence
 * ({@link verger.images.UnusableImageException}). Listing and reading take as few requests as the file system allows, and a
 * picture is decoded in bounded memory. This package never asks what an image is for: it knows no network and no stage.
 */
package verger.images;
