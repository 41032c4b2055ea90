package verger.images.decoding;

/**
 * A decoded picture.
 *
 * @param width  in pixels, 1 at least
 * @param height in pixels, 1 at least
 * @param rgb    {@code height × width × 3} samples: rows from the top, red, green, blue
 */
public record Picture(int width, int height, byte[] rgb) {

    /** The number of samples of a pixel. */
    static final int CHANNELS = 3;
}
