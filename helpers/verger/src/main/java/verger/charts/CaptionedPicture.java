package verger.charts;

/**
 * An image file with what is written below it, for {@link Charts#pictureGrid}.
 *
 * @param content bytes of the file; may be null; what cannot be decoded leaves a grey square
 * @param caption what it is, in a few words, at most four lines; may be null
 * @param detail  a word more, smaller, such as a probability or a distance; may be null
 * @param marked  whether it has a frame, such as the one that the others are compared with
 */
public record CaptionedPicture(byte[] content, String caption, String detail, boolean marked) {
}
